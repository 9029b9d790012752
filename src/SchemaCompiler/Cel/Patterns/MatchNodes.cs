using AuthzGraph.SchemaCompiler.Cel.Evaluation;

namespace AuthzGraph.SchemaCompiler.Cel.Patterns;

/// <summary><c>text.matches(pattern)</c> where the pattern is written out: it was compiled with the expression.</summary>
internal sealed class MatchNode(CelNode text, CelPattern pattern) : CelNode
{
    public override CelValue Evaluate(ref CelFrame frame)
    {
        CelValue value = text.Evaluate(ref frame);
        if (value.IsAbnormal) return value;
        if (value.Kind != CelKind.String) return CelValue.Error($"`matches` is not defined for {CelKinds.NameOf(value.Kind)}");
        return Match(ref frame, value.AsString, pattern);
    }

    /// <summary>Time grows with the text and, while the engine meets new states, with the pattern.</summary>
    internal static CelValue Match(ref CelFrame frame, string text, CelPattern pattern)
    {
        long steps = 1 + text.Length * (1L + (pattern.Size >> 6)) / 8;
        return frame.Charge(steps) ? CelValue.Of(pattern.IsMatch(text)) : CelFrame.Exhausted;
    }
}

/// <summary>The same where the pattern is computed. The last one is kept: most callers have one.</summary>
internal sealed class ComputedMatchNode(CelNode text, CelNode pattern) : CelNode
{
    private const int CompileSteps = 10_000;

    private Compiled? _last;

    private sealed record Compiled(string Text, CelPattern? Pattern, string Problem);

    public override CelValue Evaluate(ref CelFrame frame)
    {
        CelValue value = text.Evaluate(ref frame);
        CelValue source = pattern.Evaluate(ref frame);
        if (value.IsAbnormal || source.IsAbnormal) return Abnormal(value, source);
        if (value.Kind != CelKind.String || source.Kind != CelKind.String) return Errors.NotDefined("matches", value, source);
        // kept or not, it costs the same, so that a result depends on its inputs alone
        if (!frame.Charge(CompileSteps) || !frame.ChargeOperation(source)) return CelFrame.Exhausted;
        Compiled compiled = Compile(source.AsString);
        return compiled.Pattern is null ? CelValue.Error(compiled.Problem) : MatchNode.Match(ref frame, value.AsString, compiled.Pattern);
    }

    /// <summary>Any thread may replace what is kept: it is one reference to something that does not change.</summary>
    private Compiled Compile(string source)
    {
        Compiled? last = Volatile.Read(ref _last);
        if (last is not null && last.Text == source) return last;
        CelPattern? parsed = CelPattern.TryParse(source, out string problem);
        Compiled compiled = new(source, parsed, problem);
        Volatile.Write(ref _last, compiled);
        return compiled;
    }
}
