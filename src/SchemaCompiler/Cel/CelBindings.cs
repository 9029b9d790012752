using System.Collections.Immutable;
using System.Text.Json;
using AuthzGraph.SchemaCompiler.Cel.Evaluation;

namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>What to do with a name in a context that is no variable's.</summary>
public enum CelUnknownNames { Reject, Ignore }

/// <summary>Values for some of the variables of an expression; the others are missing. Does not change.</summary>
public sealed class CelBindings
{
    private readonly ImmutableArray<CelVariable> _variables;
    private readonly CelValue[] _values;

    internal CelBindings(ImmutableArray<CelVariable> variables, CelValue[] values)
    {
        _variables = variables;
        _values = values;
    }

    /// <summary>No values, for any expression.</summary>
    public static CelBindings None { get; } = new([], []);

    /// <summary>Which variables have a value.</summary>
    public CelVariableSet Bound
    {
        get
        {
            CelVariableSet bound = default;
            for (int i = 0; i < _values.Length; i++)
                if (_values[i].Kind != CelKind.Absent) bound |= CelVariableSet.Of(i);
            return bound;
        }
    }

    /// <summary>
    /// Reads a JSON object by the variables' types. Integers may be numbers or strings of digits, bytes are base64, timestamps RFC 3339,
    /// durations as <c>1h30m</c>, a number of type any is a double.
    /// </summary>
    /// <param name="problem">Names the parameter and says what does not fit; empty when nothing is wrong.</param>
    public static bool TryRead(
        ImmutableArray<CelVariable> variables, JsonElement context, CelUnknownNames unknown, out CelBindings bindings, out string problem)
    {
        ContextReader reader = new(variables, unknown);
        bindings = reader.TryRead(context, out problem) ? new CelBindings(variables, reader.Values) : None;
        return problem.Length == 0;
    }

    /// <summary>The same from JSON text.</summary>
    public static bool TryParse(ImmutableArray<CelVariable> variables, string json, CelUnknownNames unknown, out CelBindings bindings, out string problem)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = CelLimits.ContextNesting });
            return TryRead(variables, document.RootElement, unknown, out bindings, out problem);
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)     // the latter: half a surrogate pair
        {
            bindings = None;
            problem = "the context is not JSON";
            return false;
        }
    }

    internal ReadOnlySpan<CelValue> ValuesFor(ImmutableArray<CelVariable> variables)
    {
        if (_values.Length > 0 && _variables != variables) throw new ArgumentException("these bindings are of another list of variables");
        return _values;
    }
}
