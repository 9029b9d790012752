namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>
/// <c>a &amp;&amp; b &amp;&amp; …</c>, or with <paramref name="decisive"/> true <c>a || b || …</c>. A decisive operand wins wherever it
/// stands; else missing wins over an error, and missing variables are united.
/// </summary>
internal sealed class LogicalNode(bool decisive, CelNode[] operands) : CelNode
{
    public override CelValue Evaluate(ref CelFrame frame)
    {
        CelValue open = default;
        foreach (CelNode operand in operands)
        {
            frame.Steps--;
            CelValue value = operand.Evaluate(ref frame);
            if (value.Kind == CelKind.Bool)
            {
                if (value.AsBool == decisive) return value;
            }
            else
            {
                open = Join(open, value);
            }
        }
        return open.Kind == CelKind.Absent ? CelValue.Of(!decisive) : open;
    }

    /// <summary>What is left open by two operands of which neither decides; the first may be absent.</summary>
    internal static CelValue Join(in CelValue open, in CelValue value)
    {
        CelValue next = value.IsAbnormal ? value : CelValue.Error($"{CelKinds.OneOf(value.Kind)} is neither true nor false");
        return open.Kind == CelKind.Absent ? next : Abnormal(open, next);
    }
}

/// <summary><c>condition ? then : otherwise</c>: only the branch taken is looked at.</summary>
internal sealed class ConditionalNode(CelNode condition, CelNode then, CelNode otherwise) : CelNode
{
    public override CelValue Evaluate(ref CelFrame frame)
    {
        CelValue test = condition.Evaluate(ref frame);
        frame.Steps--;
        if (test.Kind == CelKind.Bool) return (test.AsBool ? then : otherwise).Evaluate(ref frame);
        return LogicalNode.Join(default, test);
    }
}

/// <summary><c>has(operand.field)</c></summary>
internal sealed class HasNode(CelNode operand, CelValue field) : CelNode
{
    public override CelValue Evaluate(ref CelFrame frame)
    {
        CelValue value = operand.Evaluate(ref frame);
        frame.Steps--;
        if (value.IsAbnormal) return value;
        return value.Kind == CelKind.Map
            ? CelValue.Of(value.AsMap.TryGet(field, out _))
            : CelValue.Error($"{CelKinds.OneOf(value.Kind)} has no fields");
    }
}
