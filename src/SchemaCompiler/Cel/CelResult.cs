namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>The end of an evaluation; the default is an error.</summary>
public enum CelOutcome { Error, False, True, Missing, Value }

/// <summary>What an evaluation came to.</summary>
public readonly struct CelResult
{
    internal CelResult(CelValue value) => Value = value;

    public CelOutcome Outcome => Value.Kind switch
    {
        CelKind.Bool => Value.AsBool ? CelOutcome.True : CelOutcome.False,
        CelKind.Missing => CelOutcome.Missing,
        CelKind.Error or CelKind.Absent => CelOutcome.Error,
        _ => CelOutcome.Value,
    };

    /// <summary>The variables without which it could not be told; empty unless the outcome is missing.</summary>
    public CelVariableSet Missing => Value.Kind == CelKind.Missing ? Value.AsMissing : default;

    /// <summary>One lower-case sentence; null unless the outcome is an error.</summary>
    public string? Error => Outcome == CelOutcome.Error ? Value.AsError : null;

    /// <summary>The value, for expressions that are not a test.</summary>
    public CelValue Value { get; }

    public override string ToString() => Outcome == CelOutcome.Error ? $"error: {Error}" : Value.ToString();
}
