using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Cel.Syntax;

/// <summary>
/// Tokens → tree, by precedence climbing in linear time. The first error ends the text, and neither the parser's own recursion nor the
/// depth of the tree it makes passes <see cref="CelLimits.Nesting"/>, so that whoever walks the tree may recurse.
/// </summary>
internal sealed class CelParser
{
    private readonly string _text;
    private readonly IReadOnlyList<CelToken> _tokens;
    private CelError? _error;
    private int _position;
    private int _nesting;

    private CelParser(string text)
    {
        _text = text;
        _tokens = CelLexer.Tokenize(text, out CelError? error);
        LexicalError = error;
    }

    private CelError? LexicalError { get; }

    public static CelSyntax Parse(string text, out CelError? error)
    {
        CelParser parser = new(text);
        CelSyntax tree = parser.Expression();
        if (parser._error is null && parser.Current.Kind != CelTokenKind.End) parser.Fail("an operator or the end");
        // an unreadable character looks like the end to the parser; what it says about that end is a consequence
        error = parser.LexicalError ?? parser._error;
        return tree;
    }

    private CelToken Current => _tokens[_position];

    private CelToken Take() => Current.Kind == CelTokenKind.End ? Current : _tokens[_position++];

    private bool TryTake(CelTokenKind kind)
    {
        if (Current.Kind != kind) return false;
        Take();
        return true;
    }

    private void Expect(CelTokenKind kind, string what)
    {
        if (!TryTake(kind)) Fail(what);
    }

    private TextSpan SpanFrom(int start) => new(start, Math.Max(0, (_position == 0 ? 0 : _tokens[_position - 1].Span.End) - start));

    private string TextOf(TextSpan span) => _text.Substring(span.Start, span.Length);

    private CelSyntax Expression()
    {
        if (++_nesting > CelLimits.Nesting) return TooDeep();
        int start = Current.Span.Start;
        CelSyntax first = Operation(Precedence.Loosest);
        CelSyntax whole = TryTake(CelTokenKind.Question) ? Conditional(first, start) : first;
        _nesting--;
        return Bounded(whole);
    }

    private CelSyntax.Conditional Conditional(CelSyntax condition, int start)
    {
        CelSyntax then = Operation(Precedence.Loosest);
        Expect(CelTokenKind.Colon, "`:`");
        CelSyntax otherwise = Expression();
        return new CelSyntax.Conditional(condition, then, otherwise, SpanFrom(start));
    }

    /// <summary>Operators that bind at least so tight, and what stands between them.</summary>
    private CelSyntax Operation(int loosest)
    {
        int start = Current.Span.Start;
        CelSyntax left = Unary();
        while (Precedence.Of(Current.Kind) is int level && level >= loosest)
            left = level <= Precedence.And ? Logical(left, level, start) : Binary(left, level, start);
        return left;
    }

    private CelSyntax Binary(CelSyntax left, int level, int start)
    {
        CelToken @operator = Take();
        CelSyntax right = Operation(level + 1);
        return Bounded(new CelSyntax.Binary(@operator.Kind, @operator.Span, left, right, SpanFrom(start)));
    }

    private CelSyntax Logical(CelSyntax first, int level, int start)
    {
        CelTokenKind kind = Current.Kind;
        var operands = ImmutableArray.CreateBuilder<CelSyntax>();
        operands.Add(first);
        while (TryTake(kind)) operands.Add(Operation(level + 1));
        return Bounded(new CelSyntax.Logical(kind, operands.ToImmutable(), SpanFrom(start)));
    }

    private CelSyntax Unary()
    {
        CelToken first = Current;
        if (first.Kind is not (CelTokenKind.Not or CelTokenKind.Minus)) return Member();
        if (++_nesting > CelLimits.Nesting) return TooDeep();
        Take();
        CelSyntax operand = Unary();
        _nesting--;
        return Bounded(new CelSyntax.Unary(first.Kind, operand, SpanFrom(first.Span.Start)));
    }

    private CelSyntax Member()
    {
        int start = Current.Span.Start;
        CelSyntax left = Primary();
        while (true)
        {
            if (TryTake(CelTokenKind.Dot)) left = Bounded(Dot(left, start));
            else if (TryTake(CelTokenKind.OpenBracket)) left = Bounded(Index(left, start));
            else return Current.Kind == CelTokenKind.OpenBrace ? Message(left) : left;
        }
    }

    private CelSyntax Dot(CelSyntax left, int start)
    {
        CelToken name = Take();
        if (name.Kind == CelTokenKind.Question) return Fail(name.Span, "optional selection is not part of caveats", "test with `has` first");
        if (name.Kind == CelTokenKind.QuotedIdentifier)
            return new CelSyntax.Select(left, TextOf(name.Span)[1..^1], SpanFrom(start));
        if (name.Kind != CelTokenKind.Identifier) return Fail(name.Span, $"expected a name, found {Describe(name)}");
        string text = TextOf(name.Span);
        if (!TryTake(CelTokenKind.OpenParenthesis)) return new CelSyntax.Select(left, text, SpanFrom(start));
        ImmutableArray<CelSyntax> arguments = Arguments(CelTokenKind.CloseParenthesis, "`,` or `)`", mayTrail: false);
        return new CelSyntax.Call(left, text, name.Span, arguments, SpanFrom(start));
    }

    private CelSyntax Index(CelSyntax left, int start)
    {
        if (Current.Kind == CelTokenKind.Question) return Fail(Current.Span, "optional selection is not part of caveats", "test with `in` first");
        CelSyntax key = Expression();
        Expect(CelTokenKind.CloseBracket, "`]`");
        return new CelSyntax.Index(left, key, SpanFrom(start));
    }

    private CelSyntax Message(CelSyntax left) => left is CelSyntax.Name or CelSyntax.Select
        ? Fail(Current.Span, "messages are not part of caveats", "a map is `{\"key\": value}`")
        : left;

    private CelSyntax Primary()
    {
        CelToken first = Current;
        switch (first.Kind)
        {
            case CelTokenKind.Literal: return new CelSyntax.Literal(first.Value, Take().Span);
            case CelTokenKind.Identifier: return Name();
            case CelTokenKind.OpenParenthesis: return Parentheses();
            case CelTokenKind.OpenBracket: return List();
            case CelTokenKind.OpenBrace: return Map();
            case CelTokenKind.Dot: return Fail(first.Span, "names of the root namespace are not part of caveats", "leave the dot out");
            default: return Fail("a value");
        }
    }

    private CelSyntax Name()
    {
        CelToken name = Take();
        string text = TextOf(name.Span);
        if (ReservedWords.Contains(text)) return Fail(name.Span, $"`{text}` is a reserved word");
        if (!TryTake(CelTokenKind.OpenParenthesis)) return new CelSyntax.Name(text, name.Span);
        ImmutableArray<CelSyntax> arguments = Arguments(CelTokenKind.CloseParenthesis, "`,` or `)`", mayTrail: false);
        return new CelSyntax.Call(null, text, name.Span, arguments, SpanFrom(name.Span.Start));
    }

    private CelSyntax Parentheses()
    {
        Take();
        CelSyntax inner = Expression();
        Expect(CelTokenKind.CloseParenthesis, "`)`");
        return inner;
    }

    private CelSyntax.List List()
    {
        int start = Take().Span.Start;
        ImmutableArray<CelSyntax> items = Arguments(CelTokenKind.CloseBracket, "`,` or `]`", mayTrail: true);
        return new CelSyntax.List(items, SpanFrom(start));
    }

    private ImmutableArray<CelSyntax> Arguments(CelTokenKind close, string expected, bool mayTrail)
    {
        var arguments = ImmutableArray.CreateBuilder<CelSyntax>();
        if (TryTake(close)) return [];
        do
        {
            if (mayTrail && TryTake(close)) return arguments.ToImmutable();
            if (Current.Kind == CelTokenKind.Question) Fail(Current.Span, "optional elements are not part of caveats");
            arguments.Add(Expression());
        }
        while (TryTake(CelTokenKind.Comma));
        Expect(close, expected);
        return arguments.ToImmutable();
    }

    private CelSyntax.Map Map()
    {
        int start = Take().Span.Start;
        var keys = ImmutableArray.CreateBuilder<CelSyntax>();
        var values = ImmutableArray.CreateBuilder<CelSyntax>();
        while (!TryTake(CelTokenKind.CloseBrace))
        {
            if (Current.Kind == CelTokenKind.Question) Fail(Current.Span, "optional entries are not part of caveats");
            keys.Add(Expression());
            Expect(CelTokenKind.Colon, "`:`");
            values.Add(Expression());
            if (TryTake(CelTokenKind.Comma)) continue;
            Expect(CelTokenKind.CloseBrace, "`,` or `}`");
            break;
        }
        return new CelSyntax.Map(keys.ToImmutable(), values.ToImmutable(), SpanFrom(start));
    }

    private CelSyntax Bounded(CelSyntax tree) => tree.Depth > CelLimits.Nesting ? TooDeep() : tree;

    private CelSyntax.Unreadable TooDeep() => Fail(Current.Span, $"this nests deeper than {CelLimits.Nesting}");

    private CelSyntax.Unreadable Fail(string expected) => Fail(Current.Span, $"expected {expected}, found {Describe(Current)}");

    /// <summary>Keeps the first error, and goes to the end of the text.</summary>
    private CelSyntax.Unreadable Fail(TextSpan span, string message, string? help = null)
    {
        _error ??= new CelError(span, message, help);
        _position = _tokens.Count - 1;
        return new CelSyntax.Unreadable(span);
    }

    private string Describe(CelToken token) => token.Kind == CelTokenKind.End ? "the end" : $"`{Quoted.Short(TextOf(token.Span))}`";
}
