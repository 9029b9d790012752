using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>
/// Text → tokens, the last of them <see cref="TokenKind.End"/>. As in SpiceDB, a newline ends a member when the token before it
/// could be a member's last one; comments never do. The body of a caveat is one token, for CEL's own lexer.
/// </summary>
internal sealed class Lexer
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly DiagnosticBag _diagnostics;
    private readonly TokenBuffer _tokens;
    private readonly List<Comment> _comments = [];

    private int _position;
    private bool _onNewLine = true;     // since the last token, terminators not counted
    private int _newlines = 1;          // the same, or since the last comment
    private bool _awaitsCel;            // between `caveat` and its `{`

    private Lexer(SourceText source, DiagnosticBag diagnostics)
    {
        _source = source;
        _text = source.Text;
        _diagnostics = diagnostics;
        _tokens = new TokenBuffer(source);
    }

    public static TokenList Tokenize(SourceText source, DiagnosticBag diagnostics)
    {
        Lexer lexer = new(source, diagnostics);
        while (lexer._position < lexer._text.Length) lexer.Step();
        lexer.Emit(TokenKind.End, 0);
        return lexer._tokens.Drain();
    }

    private char Current => _text[_position];

    private TextSpan Here(int length) => new(_source.Start + _position, length);

    private void Step()
    {
        if (Current == ' ') _position++;
        else if (IsWordPart(Current)) Word();
        else if (SourceText.IsNewline(Current)) Newline();
        else if (char.IsWhiteSpace(Current) || Current == '\uFEFF') _position++;
        else if (At("//")) LineComment();
        else if (At("/*")) BlockComment();
        else if (Current is '"' or '\'') String();
        else if (Punctuation() is (TokenKind kind, int length)) Punctuate(kind, length);
        else BadCharacter();
    }

    private bool At(string expected) => _text.AsSpan(_position).StartsWith(expected, StringComparison.Ordinal);

    private void Newline()
    {
        _onNewLine = true;
        _newlines++;
        if (MayEndMember(_tokens.LastKind)) Terminate(0);
        _position += At("\r\n") ? 2 : 1;
    }

    private static bool MayEndMember(TokenKind kind) =>
        kind is TokenKind.Word or TokenKind.CloseBrace or TokenKind.CloseParenthesis or TokenKind.Star;

    /// <summary>Terminators own no comments: these wait for the next token, so that a formatter may drop terminators.</summary>
    private void Terminate(int length)
    {
        _tokens.Add(new StoredToken(Here(length), TokenKind.Terminator, _onNewLine ? TokenTraits.OnNewLine : TokenTraits.None));
        _position += length;
    }

    private void LineComment()
    {
        int end = _position;
        while (end < _text.Length && !SourceText.IsNewline(_text[end])) end++;
        EndComment(end);
    }

    private void BlockComment()
    {
        int close = _text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
        if (close < 0) _diagnostics.Add(Catalogue.CommentNotClosed(Here(2)));
        EndComment(close < 0 ? _text.Length : close + 2);
    }

    private void EndComment(int end)
    {
        _comments.Add(new Comment(_text[_position..end].TrimEnd(), _onNewLine, _newlines > 1));
        _position = end;
        _newlines = 0;
    }

    private void Word()
    {
        int end = _position;
        while (end < _text.Length && IsWordPart(_text[end])) end++;
        ReadOnlySpan<char> word = _text.AsSpan(_position..end);
        if (word is Words.Caveat) _awaitsCel = true;
        if (word is Words.Definition) _awaitsCel = false;
        Emit(TokenKind.Word, end - _position);
    }

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void String()
    {
        int end = CelText.EndOfString(_text, _position);
        if (end < 0) _diagnostics.Add(Catalogue.StringNotClosed(Here(1)));
        Emit(end < 0 ? TokenKind.Bad : TokenKind.String, (end < 0 ? CelText.EndOfLine(_text, _position) : end) - _position);
    }

    private (TokenKind, int)? Punctuation() => Current switch
    {
        ';' => (TokenKind.Terminator, 1),
        '{' => (TokenKind.OpenBrace, 1),
        '}' => (TokenKind.CloseBrace, 1),
        '(' => (TokenKind.OpenParenthesis, 1),
        ')' => (TokenKind.CloseParenthesis, 1),
        '<' => (TokenKind.OpenAngle, 1),
        '>' => (TokenKind.CloseAngle, 1),
        ':' => (TokenKind.Colon, 1),
        ',' => (TokenKind.Comma, 1),
        '|' => (TokenKind.Pipe, 1),
        '/' => (TokenKind.Slash, 1),
        '#' => (TokenKind.Hash, 1),
        '*' => (TokenKind.Star, 1),
        '=' => (TokenKind.Equals, 1),
        '+' => (TokenKind.Plus, 1),
        '&' => (TokenKind.Ampersand, 1),
        '-' => At("->") ? (TokenKind.Arrow, 2) : (TokenKind.Minus, 1),
        '.' => At("...") ? (TokenKind.Ellipsis, 3) : (TokenKind.Dot, 1),
        _ => null,
    };

    private void Punctuate(TokenKind kind, int length)
    {
        if (kind == TokenKind.Terminator)
        {
            Terminate(length);
            return;
        }
        Emit(kind, length);
        if (kind == TokenKind.OpenBrace && _awaitsCel) CaveatBody();
    }

    /// <summary>Everything up to the brace that closes the caveat, past strings and comments.</summary>
    private void CaveatBody()
    {
        _awaitsCel = false;
        int end = CelText.EndOf(_text, _position);
        if (end > _position) Emit(TokenKind.CelText, end - _position);
    }

    private void BadCharacter()
    {
        bool isPair = _position + 1 < _text.Length && char.IsSurrogatePair(_text, _position);
        int length = isPair ? 2 : 1;
        _diagnostics.Add(Catalogue.UnexpectedCharacter(Here(length), _text.Substring(_position, length)));
        Emit(TokenKind.Bad, length);
    }

    private void Emit(TokenKind kind, int length)
    {
        StoredToken token = new(Here(length), kind, Traits);
        if (_comments.Count == 0) _tokens.Add(token);
        else _tokens.Add(token, [.. _comments]);
        _comments.Clear();
        _position += length;
        _onNewLine = false;
        _newlines = 0;
    }

    private TokenTraits Traits =>
        (_onNewLine ? TokenTraits.OnNewLine : TokenTraits.None) | (_newlines > 1 ? TokenTraits.BlankLineBefore : TokenTraits.None);
}
