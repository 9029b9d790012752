using AuthzGraph.SchemaCompiler.Cel.Evaluation;

namespace AuthzGraph.SchemaCompiler.Cel.Binding;

/// <summary>A checked part of an expression: what computes it, and what it will be.</summary>
internal readonly record struct Bound(CelNode Node, CelType Type)
{
    /// <summary>For a part with an error of its own: goes with everything, so that nothing is said twice.</summary>
    public static Bound Faulty { get; } = new(new ConstantNode(CelValue.Error("this part has an error")), CelType.Any);

    public static Bound Constant(CelValue value, CelType type) => new(new ConstantNode(value), type);

    /// <summary>Computes now what depends on nothing. An error stays where it is: it may never be reached.</summary>
    public Bound Folded(params ReadOnlySpan<Bound> parts)
    {
        foreach (Bound part in parts)
            if (part.Node is not ConstantNode { Value.IsAbnormal: false }) return this;
        CelFrame frame = new() { Steps = CelLimits.Default.Steps };
        CelValue value = Node.Evaluate(ref frame);
        return value.IsAbnormal || frame.IsExhausted ? this : this with { Node = new ConstantNode(value) };
    }
}
