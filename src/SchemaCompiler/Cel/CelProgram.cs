using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AuthzGraph.SchemaCompiler.Cel.Evaluation;

namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>A checked expression, ready to be evaluated from any thread.</summary>
public sealed class CelProgram
{
    private readonly CelNode _root;
    private readonly int _locals;

    internal CelProgram(CelNode root, CelType type, ImmutableArray<CelVariable> variables, CelVariableSet used, int locals)
    {
        _root = root;
        _locals = locals;
        Type = type;
        Variables = variables;
        Used = used;
    }

    /// <summary>What the expression is; <see cref="CelType.Any"/> where only its values can tell.</summary>
    public CelType Type { get; }

    public ImmutableArray<CelVariable> Variables { get; }

    /// <summary>The variables the expression mentions.</summary>
    public CelVariableSet Used { get; }

    /// <summary>
    /// Computes the expression. Total: whatever the bindings hold, the outcome is a value, missing or error, and it depends on nothing
    /// but the arguments. Allocates nothing unless the expression builds a string, a list, a map or an error.
    /// </summary>
    /// <param name="strong">Beat <paramref name="weak"/> where both have a variable.</param>
    /// <exception cref="ArgumentException">The bindings are of another list of variables.</exception>
    public CelResult Evaluate(CelBindings strong, CelBindings weak, CelLimits limits)
    {
        ReadOnlySpan<CelValue> first = strong.ValuesFor(Variables), second = weak.ValuesFor(Variables);
        if (_locals > 0) return EvaluateWithLocals(first, second, limits);
        CelFrame frame = new() { Strong = first, Weak = second, Steps = limits.Steps };
        return Run(ref frame);
    }

    public CelResult Evaluate(CelBindings bindings, CelLimits limits) => Evaluate(bindings, CelBindings.None, limits);

    private CelResult EvaluateWithLocals(ReadOnlySpan<CelValue> strong, ReadOnlySpan<CelValue> weak, CelLimits limits)
    {
        Locals locals = default;
        CelFrame frame = new() { Strong = strong, Weak = weak, Steps = limits.Steps, Locals = locals };
        return Run(ref frame);
    }

    private CelResult Run(ref CelFrame frame)
    {
        CelValue value = _root.Evaluate(ref frame);
        return new CelResult(frame.IsExhausted ? CelFrame.Exhausted : value);
    }

    [InlineArray(CelLimits.Comprehensions)]
    private struct Locals
    {
        private CelValue _first;
    }
}
