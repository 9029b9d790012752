using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.Graph.Index;

/// <summary>A caveat with the context a tuple was written with.</summary>
internal sealed record BoundCaveat(Caveat Caveat, CelBindings Written)
{
    private const int ContextBytes = 25_000;

    /// <summary>
    /// Binds a stored caveat. It was checked when it was written, and a schema that it no longer fits is refused as long as a tuple with it has not
    /// ended; null: all have.
    /// </summary>
    public static BoundCaveat? Of(CompiledSchema schema, CaveatRef text) =>
        schema.FindCaveat(text.Name) is { } caveat && TryRead(caveat, text, out CelBindings written, out _) ? new BoundCaveat(caveat, written) : null;

    /// <summary>Whether a context fits the caveat's parameters; if not, <paramref name="problem"/> says why.</summary>
    public static bool TryRead(Caveat caveat, CaveatRef text, out CelBindings written, out string problem)
    {
        written = CelBindings.None;
        problem = "";
        if (text.ContextJson is not { } json) return true;
        if (System.Text.Encoding.UTF8.GetByteCount(json) <= ContextBytes)
            return CelBindings.TryParse(caveat.Parameters, json, CelUnknownNames.Reject, out written, out problem);
        problem = $"the context has more than {ContextBytes} bytes";
        return false;
    }
}
