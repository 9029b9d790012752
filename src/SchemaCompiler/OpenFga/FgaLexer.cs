using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>
/// A model's text → tokens, the last of them <see cref="FgaTokenKind.End"/>. <c>#</c> begins a comment where white space or
/// nothing stands before it, and is part of a userset elsewhere. The body of a condition is one token.
/// </summary>
internal sealed class FgaLexer
{
    private readonly string _text;
    private readonly DiagnosticBag _diagnostics;
    private readonly ImmutableArray<FgaToken>.Builder _tokens = ImmutableArray.CreateBuilder<FgaToken>();
    private readonly List<FgaComment> _comments = [];

    private int _position;
    private bool _onNewLine = true;
    private bool _awaitsCel;        // between `condition` and its `{`

    private FgaLexer(SourceText source, DiagnosticBag diagnostics)
    {
        _text = source.Text;
        _diagnostics = diagnostics;
    }

    public static ImmutableArray<FgaToken> Tokenize(SourceText source, DiagnosticBag diagnostics)
    {
        FgaLexer lexer = new(source, diagnostics);
        while (lexer._position < lexer._text.Length) lexer.Step();
        lexer.Emit(FgaTokenKind.End, 0);
        return lexer._tokens.ToImmutable();
    }

    private void Step()
    {
        char current = _text[_position];
        if (SourceText.IsNewline(current)) Newline();
        else if (IsBlank(current)) _position++;
        else if (current == '#' && (_position == 0 || IsBlank(_text[_position - 1]) || SourceText.IsNewline(_text[_position - 1]))) Comment();
        else if (IsWordPart(current)) Word();
        else if (Punctuation(current) is { } kind) Punctuate(kind);
        else BadCharacter();
    }

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || c == '\uFEFF';

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.';

    private void Newline()
    {
        _onNewLine = true;
        _position++;
    }

    private void Comment()
    {
        int end = EndOfLine(_position);
        _comments.Add(new FgaComment(_text[_position..end].TrimStart('#').Trim(), _onNewLine));
        _position = end;
    }

    private void Word()
    {
        int end = _position;
        while (end < _text.Length && IsWordPart(_text[end])) end++;
        if (_onNewLine) _awaitsCel = _text.AsSpan(_position, end - _position) is FgaWords.Condition;
        Emit(FgaTokenKind.Word, end - _position);
    }

    private static FgaTokenKind? Punctuation(char c) => c switch
    {
        '[' => FgaTokenKind.OpenBracket,
        ']' => FgaTokenKind.CloseBracket,
        '(' => FgaTokenKind.OpenParenthesis,
        ')' => FgaTokenKind.CloseParenthesis,
        '{' => FgaTokenKind.OpenBrace,
        '}' => FgaTokenKind.CloseBrace,
        '<' => FgaTokenKind.OpenAngle,
        '>' => FgaTokenKind.CloseAngle,
        ':' => FgaTokenKind.Colon,
        ',' => FgaTokenKind.Comma,
        '#' => FgaTokenKind.Hash,
        '*' => FgaTokenKind.Star,
        _ => null,
    };

    private void Punctuate(FgaTokenKind kind)
    {
        Emit(kind, 1);
        if (kind == FgaTokenKind.OpenBrace && _awaitsCel) ConditionBody();
    }

    /// <summary>Everything up to the brace that closes the condition, past strings and comments.</summary>
    private void ConditionBody()
    {
        _awaitsCel = false;
        int end = _position;
        for (int open = 1; end < _text.Length; end++)
        {
            if (_text[end] == '{') open++;
            else if (_text[end] == '}' && --open == 0) break;
            else if (_text[end] is '"' or '\'') end = EndOfString(end) - 1;
            else if (_text.AsSpan(end).StartsWith("//", StringComparison.Ordinal)) end = EndOfLine(end) - 1;
        }
        if (end >= _text.Length) _diagnostics.Add(FgaCatalogue.ConditionNotClosed(new TextSpan(_position - 1, 1)));
        Emit(FgaTokenKind.CelText, Math.Min(end, _text.Length) - _position);
    }

    /// <summary>After the closing quote of a string in one or three quotes; where it is not closed, after the opening one.</summary>
    private int EndOfString(int start)
    {
        string quote = _text.Substring(start, 1);
        string triple = quote + quote + quote;
        if (_text.AsSpan(start).StartsWith(triple, StringComparison.Ordinal))
            return _text.IndexOf(triple, start + 3, StringComparison.Ordinal) is var close and >= 0 ? close + 3 : start + 3;
        for (int i = start + 1; i < _text.Length && !SourceText.IsNewline(_text[i]); i++)
        {
            if (_text[i] == '\\') i++;
            else if (_text[i] == quote[0]) return i + 1;
        }
        return start + 1;
    }

    private int EndOfLine(int start)
    {
        int end = start;
        while (end < _text.Length && !SourceText.IsNewline(_text[end])) end++;
        return end;
    }

    private void BadCharacter()
    {
        int length = char.IsSurrogatePair(_text, _position) ? 2 : 1;
        _diagnostics.Add(FgaCatalogue.UnexpectedCharacter(new TextSpan(_position, length), _text.Substring(_position, length)));
        Emit(FgaTokenKind.Bad, length);
    }

    private void Emit(FgaTokenKind kind, int length)
    {
        TextSpan span = new(_position, length);
        _tokens.Add(new FgaToken(kind, span, _text.Substring(_position, length), [.. _comments], _onNewLine));
        _comments.Clear();
        _position += length;
        _onNewLine = false;
    }
}
