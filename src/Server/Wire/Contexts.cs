using AuthzGraph.Model;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Wire;

/// <summary>Contexts of caveats: a Struct on the wire, JSON text inside.</summary>
internal static class Contexts
{
    public static string? ToJson(Struct? wire)
    {
        if (wire is null || wire.Fields.Count == 0) return null;
        try
        {
            return JsonFormatter.Default.Format(wire);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw Rejection.Invalid("INVALID_CONTEXT", "the context holds a value that JSON has no form for");
        }
    }

    public static Struct? ToWire(string? json) => json is null ? null : Struct.Parser.ParseJson(json);
}
