namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>What a <see cref="CelValue"/> is. The first three are not values: they travel where a value could not be had.</summary>
public enum CelKind : byte
{
    Absent,
    Error,
    Missing,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Duration,
    Timestamp,
    IpAddress,
    List,
    Map,
    Type,
}

internal static class CelKinds
{
    /// <summary>How a message and a parameter name it.</summary>
    public static string NameOf(CelKind kind) => kind switch
    {
        CelKind.Null => "null_type",
        CelKind.Bool => "bool",
        CelKind.Int => "int",
        CelKind.Uint => "uint",
        CelKind.Double => "double",
        CelKind.String => "string",
        CelKind.Bytes => "bytes",
        CelKind.Duration => "duration",
        CelKind.Timestamp => "timestamp",
        CelKind.IpAddress => "ipaddress",
        CelKind.List => "list",
        CelKind.Map => "map",
        CelKind.Type => "type",
        _ => "nothing",
    };

    public static string OneOf(CelKind kind) => One(NameOf(kind));

    /// <summary>A type's name with its article.</summary>
    public static string One(CelType type) => One(type.ToString());

    public static string One(string type) => type.StartsWith('a') || type.StartsWith('i') ? $"an {type}" : $"a {type}";

    /// <summary>How CEL names the type of such a value, where that differs.</summary>
    public static string CelNameOf(CelKind kind) => kind switch
    {
        CelKind.Duration => "google.protobuf.Duration",
        CelKind.Timestamp => "google.protobuf.Timestamp",
        _ => NameOf(kind),
    };
}
