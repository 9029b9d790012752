using System.Runtime.CompilerServices;
using AuthzGraph.SchemaCompiler.Cel;
using AuthzGraph.SchemaCompiler.Cel.Syntax;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>
/// Whether one expression of a caveat holds whenever another does. True only when <c>&amp;&amp;</c>, <c>||</c> and equal operands
/// show it; "no" means "not shown". What is not known yet and what fails is not true, so it need not be looked at.
/// The work is bounded: what takes longer is not shown either.
/// </summary>
internal sealed class CaveatInclusion
{
    private const int MaxSteps = 20_000;

    private readonly Dictionary<(CelSyntax, CelSyntax), bool> _known = new(PairComparer.Instance);
    private readonly Dictionary<CelSyntax, string> _texts = new(ReferenceEqualityComparer.Instance);
    private readonly CelSyntax _before;
    private readonly CelSyntax _after;
    private int _steps;

    /// <param name="before">An expression that compiled, as <paramref name="after"/>.</param>
    public CaveatInclusion(string before, string after)
    {
        _before = CelParser.Parse(before, out _);
        _after = CelParser.Parse(after, out _);
    }

    /// <summary>Both on one line, canonical.</summary>
    public (string Before, string After) Texts => (TextOf(_before), TextOf(_after));

    /// <summary>No, when it never holds where it did not; yes, when it holds wherever it did, and so elsewhere too; else maybe.</summary>
    public Widening Grows => IsWithin(_after, _before) ? Widening.No : MayNarrow ? Widening.May : Widening.Yes;

    /// <summary>Whether it may fail where it held: false only when that is ruled out.</summary>
    public bool MayNarrow => !IsWithin(_before, _after);

    private bool IsWithin(CelSyntax inner, CelSyntax outer)
    {
        if (_known.TryGetValue((inner, outer), out bool known)) return known;
        if (++_steps > MaxSteps) return false;
        return _known[(inner, outer)] = Show(inner, outer);
    }

    private bool Show(CelSyntax inner, CelSyntax outer)
    {
        if (IsAlways(inner, false) || IsAlways(outer, true) || TextOf(inner) == TextOf(outer)) return true;
        if (inner is CelSyntax.Logical { Operator: CelTokenKind.Or } cases) return cases.Operands.All(part => IsWithin(part, outer));
        if (outer is CelSyntax.Logical { Operator: CelTokenKind.And } wanted) return wanted.Operands.All(part => IsWithin(inner, part));
        if (outer is CelSyntax.Logical { Operator: CelTokenKind.Or } any && any.Operands.Any(part => IsWithin(inner, part))) return true;
        return inner is CelSyntax.Logical { Operator: CelTokenKind.And } all && all.Operands.Any(part => IsWithin(part, outer));
    }

    private static bool IsAlways(CelSyntax syntax, bool value) =>
        syntax is CelSyntax.Literal { Value: { Kind: CelKind.Bool } literal } && literal.AsBool == value;

    private string TextOf(CelSyntax syntax)
    {
        if (!_texts.TryGetValue(syntax, out string? text)) _texts.Add(syntax, text = CelSyntaxText.Of(syntax));
        return text;
    }

    /// <summary>Expressions are compared by where they are in their trees, not by what they say.</summary>
    private sealed class PairComparer : IEqualityComparer<(CelSyntax, CelSyntax)>
    {
        public static readonly PairComparer Instance = new();

        public bool Equals((CelSyntax, CelSyntax) x, (CelSyntax, CelSyntax) y) =>
            ReferenceEquals(x.Item1, y.Item1) && ReferenceEquals(x.Item2, y.Item2);

        public int GetHashCode((CelSyntax, CelSyntax) pair) =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Item1), RuntimeHelpers.GetHashCode(pair.Item2));
    }
}
