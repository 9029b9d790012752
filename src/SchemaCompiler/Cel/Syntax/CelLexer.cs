using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Cel.Syntax;

/// <summary>
/// Text → tokens, the last of them <see cref="CelTokenKind.End"/>, in one pass. What cannot be a token ends the text, with one error.
/// </summary>
internal sealed class CelLexer
{
    private readonly string _text;
    /// <summary>Few expressions have more tokens than one for so many characters.</summary>
    private const int CharactersForToken = 4;

    private readonly ImmutableArray<CelToken>.Builder _tokens;
    private int _position;

    private CelLexer(string text)
    {
        _text = text;
        _tokens = ImmutableArray.CreateBuilder<CelToken>(text.Length / CharactersForToken + 1);
    }

    public static ImmutableArray<CelToken> Tokenize(string text, out CelError? error)
    {
        CelLexer lexer = new(text);
        error = null;
        while (lexer.SkipToToken())
        {
            error = lexer.Next();
            if (error is not null) break;
        }
        lexer.Emit(CelTokenKind.End, 0);
        return lexer._tokens.DrainToImmutable();
    }

    private char Current => _text[_position];

    private ReadOnlySpan<char> Rest => _text.AsSpan(_position);

    private bool SkipToToken()
    {
        while (_position < _text.Length)
        {
            if (Current is ' ' or '\t' or '\n' or '\r' or '\f') _position++;
            else if (Rest.StartsWith("//", StringComparison.Ordinal)) SkipLine();
            else return true;
        }
        return false;
    }

    private void SkipLine()
    {
        int end = Rest.IndexOfAny('\r', '\n');
        _position = end < 0 ? _text.Length : _position + end;
    }

    private CelError? Next()
    {
        if (char.IsAsciiDigit(Current) || (Current == '.' && Rest.Length > 1 && char.IsAsciiDigit(Rest[1]))) return Number();
        if (QuoteAfterPrefix() >= 0) return Text();
        if (char.IsAsciiLetter(Current) || Current == '_') return Word();
        if (Current == '`') return QuotedWord();
        (CelTokenKind kind, int length) = Punctuation();
        if (length == 0) return UnexpectedCharacter();
        Emit(kind, length);
        return null;
    }

    private CelError? Word()
    {
        int length = 1;
        while (length < Rest.Length && (char.IsAsciiLetterOrDigit(Rest[length]) || Rest[length] == '_')) length++;
        switch (Rest[..length])
        {
            case "true": Emit(length, CelValue.True); break;
            case "false": Emit(length, CelValue.False); break;
            case "null": Emit(length, CelValue.Null); break;
            case "in": Emit(CelTokenKind.In, length); break;
            default: Emit(CelTokenKind.Identifier, length); break;
        }
        return null;
    }

    private CelError? QuotedWord()
    {
        int length = 1;
        while (length < Rest.Length && (char.IsAsciiLetterOrDigit(Rest[length]) || Rest[length] is '_' or '.' or '-' or '/' or ' ')) length++;
        if (length == Rest.Length || Rest[length] != '`' || length == 1)
            return Fail(1, "a name in backquotes has letters, digits, `_`, `.`, `-`, `/` and spaces, and a backquote at its end");
        Emit(CelTokenKind.QuotedIdentifier, length + 1);
        return null;
    }

    private CelError? Number()
    {
        int length = NumberLiteral.LengthOf(Rest);
        if (length < Rest.Length && (char.IsAsciiLetterOrDigit(Rest[length]) || Rest[length] == '_'))
            return Fail(length + 1, $"`{Rest[..(length + 1)]}` is not a number");
        // `-` is an operator, but -9223372036854775808 has no positive: the parser gives the sign to the literal
        string? problem = NumberLiteral.TryRead(Rest[..length], isNegative: FollowsSign(), out CelValue value);
        if (problem is not null) return Fail(length, problem);
        if (FollowsSign() && value.Kind != CelKind.Uint) TakeSign(length, value);
        else Emit(length, value);
        return null;
    }

    /// <summary>Whether a minus stands right before, and is a sign: nothing that could be its left operand stands before it.</summary>
    private bool FollowsSign()
    {
        if (_tokens.Count == 0 || _tokens[^1].Kind != CelTokenKind.Minus || _tokens[^1].Span.End != _position) return false;
        return _tokens.Count == 1 || !MayEndOperand(_tokens[^2].Kind);
    }

    private static bool MayEndOperand(CelTokenKind kind) => kind is CelTokenKind.Literal or CelTokenKind.Identifier
        or CelTokenKind.QuotedIdentifier or CelTokenKind.CloseParenthesis or CelTokenKind.CloseBracket or CelTokenKind.CloseBrace;

    private void TakeSign(int length, in CelValue value)
    {
        int start = _tokens[^1].Span.Start;
        _tokens[^1] = new CelToken(CelTokenKind.Literal, new TextSpan(start, _position + length - start), value);
        _position += length;
    }

    /// <summary>Where the quote is if a string or bytes start here: after at most one <c>b</c> and one <c>r</c>; -1 if not.</summary>
    private int QuoteAfterPrefix()
    {
        int quote = 0;
        if (Rest[quote] is 'b' or 'B') quote++;
        if (quote < Rest.Length && Rest[quote] is 'r' or 'R') quote++;
        return quote < Rest.Length && Rest[quote] is '"' or '\'' ? quote : -1;
    }

    private CelError? Text()
    {
        int quote = QuoteAfterPrefix();
        TextLiteral literal = new(Rest, quote);
        if (literal.Length < 0) return Fail(quote + 1, "this text is not closed");
        string? problem = literal.TryDecode(out CelValue value, out int at);
        if (problem is not null)
        {
            _position += at;
            return Fail(1, problem);
        }
        Emit(literal.Length, value);
        return null;
    }

    private (CelTokenKind, int) Punctuation()
    {
        char next = Rest.Length > 1 ? Rest[1] : '\0';
        return (Current, next) switch
        {
            ('&', '&') => (CelTokenKind.And, 2),
            ('|', '|') => (CelTokenKind.Or, 2),
            ('=', '=') => (CelTokenKind.Equal, 2),
            ('!', '=') => (CelTokenKind.NotEqual, 2),
            ('<', '=') => (CelTokenKind.LessOrEqual, 2),
            ('>', '=') => (CelTokenKind.GreaterOrEqual, 2),
            ('<', _) => (CelTokenKind.Less, 1),
            ('>', _) => (CelTokenKind.Greater, 1),
            ('!', _) => (CelTokenKind.Not, 1),
            ('(', _) => (CelTokenKind.OpenParenthesis, 1),
            (')', _) => (CelTokenKind.CloseParenthesis, 1),
            ('[', _) => (CelTokenKind.OpenBracket, 1),
            (']', _) => (CelTokenKind.CloseBracket, 1),
            ('{', _) => (CelTokenKind.OpenBrace, 1),
            ('}', _) => (CelTokenKind.CloseBrace, 1),
            ('.', _) => (CelTokenKind.Dot, 1),
            (',', _) => (CelTokenKind.Comma, 1),
            (':', _) => (CelTokenKind.Colon, 1),
            ('?', _) => (CelTokenKind.Question, 1),
            ('+', _) => (CelTokenKind.Plus, 1),
            ('-', _) => (CelTokenKind.Minus, 1),
            ('*', _) => (CelTokenKind.Star, 1),
            ('/', _) => (CelTokenKind.Slash, 1),
            ('%', _) => (CelTokenKind.Percent, 1),
            _ => default,
        };
    }

    private CelError UnexpectedCharacter()
    {
        int length = Rest.Length > 1 && char.IsSurrogatePair(Rest[0], Rest[1]) ? 2 : 1;
        string? help = Current switch
        {
            '=' => "equality is `==`",
            '&' => "and is `&&`",
            '|' => "or is `||`",
            _ => null,
        };
        string shown = char.IsControl(Current) || (length == 1 && char.IsSurrogate(Current)) ? $"U+{(int)Current:X4}" : Rest[..length].ToString();
        return Fail(length, $"unexpected character `{shown}`", help);
    }

    private CelError Fail(int length, string message, string? help = null) => new(new TextSpan(_position, length), message, help);

    private void Emit(CelTokenKind kind, int length)
    {
        _tokens.Add(new CelToken(kind, new TextSpan(_position, length)));
        _position += length;
    }

    private void Emit(int length, in CelValue value)
    {
        _tokens.Add(new CelToken(CelTokenKind.Literal, new TextSpan(_position, length), value));
        _position += length;
    }
}
