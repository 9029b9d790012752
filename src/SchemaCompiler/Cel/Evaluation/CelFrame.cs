namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>What one evaluation needs besides the program; lives on the stack.</summary>
internal ref struct CelFrame
{
    /// <summary>Beats <see cref="Weak"/> where both have a variable.</summary>
    public ReadOnlySpan<CelValue> Strong;

    public ReadOnlySpan<CelValue> Weak;

    /// <summary>The variables of macros, by depth.</summary>
    public Span<CelValue> Locals;

    /// <summary>Below zero the evaluation has failed, whatever it comes to.</summary>
    public long Steps;

    public readonly bool IsExhausted => Steps < 0;

    /// <summary>Counts work in proportion to what is looked at; false when the limit is reached and the work must not be done.</summary>
    public bool Charge(long steps)
    {
        Steps -= steps;
        return Steps >= 0;
    }

    /// <summary>One step for 16 characters or bytes.</summary>
    public bool ChargeText(long length) => Charge(length >> 4);

    /// <summary>One step for an operand, and more for a long text: the operation itself need count only what it looks at besides.</summary>
    public bool ChargeOperation(in CelValue operand) => Charge(operand.Kind switch
    {
        CelKind.String => 1 + (operand.AsString.Length >> 4),
        CelKind.Bytes => 1 + (operand.AsBytes.Length >> 4),
        _ => 1,
    });

    public static CelValue Exhausted { get; } = CelValue.Error("the expression takes too many steps");
}
