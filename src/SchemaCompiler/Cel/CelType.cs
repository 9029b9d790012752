namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>What a value can be while an expression is checked: a closed set. <see cref="ToString"/> is how an author writes it.</summary>
public abstract record CelType
{
    private CelType()
    {
    }

    public static CelType Any { get; } = new Anything();
    public static CelType Null { get; } = new Scalar(CelKind.Null);
    public static CelType Bool { get; } = new Scalar(CelKind.Bool);
    public static CelType Int { get; } = new Scalar(CelKind.Int);
    public static CelType Uint { get; } = new Scalar(CelKind.Uint);
    public static CelType Double { get; } = new Scalar(CelKind.Double);
    public static CelType String { get; } = new Scalar(CelKind.String);
    public static CelType Bytes { get; } = new Scalar(CelKind.Bytes);
    public static CelType Duration { get; } = new Scalar(CelKind.Duration);
    public static CelType Timestamp { get; } = new Scalar(CelKind.Timestamp);
    public static CelType IpAddress { get; } = new Scalar(CelKind.IpAddress);

    /// <summary>The type of a type: what <c>type(x)</c> gives.</summary>
    public static CelType Type { get; } = new Scalar(CelKind.Type);

    public static CelType ListOf(CelType element) => new List(element);

    /// <summary>As a parameter has it: the keys are strings.</summary>
    public static CelType MapOf(CelType value) => new Map(String, value);

    /// <summary>The type a parameter can have by a single word, <c>any</c> to <c>ipaddress</c>; null for every other word.</summary>
    public static CelType? Named(string word) => word switch
    {
        "any" => Any,
        "bool" => Bool,
        "string" => String,
        "int" => Int,
        "uint" => Uint,
        "double" => Double,
        "bytes" => Bytes,
        "duration" => Duration,
        "timestamp" => Timestamp,
        "ipaddress" => IpAddress,
        _ => null,
    };

    /// <summary>Known only when evaluated; CEL's <c>dyn</c>.</summary>
    internal sealed record Anything : CelType
    {
        public override string ToString() => "any";
    }

    internal sealed record Scalar(CelKind Kind) : CelType
    {
        public override string ToString() => CelKinds.NameOf(Kind);
    }

    internal sealed record List(CelType Element) : CelType
    {
        public override string ToString() => $"list<{Element}>";
    }

    internal sealed record Map(CelType Key, CelType Value) : CelType
    {
        public override string ToString() => Key == String ? $"map<{Value}>" : $"map<{Key}, {Value}>";
    }
}
