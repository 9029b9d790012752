using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>
/// Walks the tokens for the parsers. Only the first error at a token is reported: what follows at the same place is its echo.
/// </summary>
internal sealed class TokenReader(TokenList tokens, Flags flags, DiagnosticBag diagnostics)
{
    private int _reportedAt = -1;

    public TokenList Tokens => tokens;
    public int Index { get; private set; }
    public Flags Flags => flags;
    public Token Current => tokens[Index];
    public Token Next => tokens[Math.Min(Index + 1, tokens.Count - 1)];

    /// <summary>The end of the last token taken, terminators not counted.</summary>
    public int LastEnd { get; private set; }

    public TextSpan SpanFrom(int start) => new(start, Math.Max(0, LastEnd - start));

    /// <summary>The tokens taken since <paramref name="start"/>, a last terminator not counted.</summary>
    public TokenRange RangeFrom(int start) => new(tokens, start, Index);

    public bool At(TokenKind kind) => tokens.Stored(Index).Kind == kind;

    public bool At(string word) => tokens.Is(Index, word);

    public Token Take()
    {
        Token token = Current;
        if (token.Kind != TokenKind.End) Index++;
        if (token.Kind != TokenKind.Terminator) LastEnd = token.Span.End;
        return token;
    }

    public bool TryTake(TokenKind kind) => Taken(At(kind));

    public bool TryTake(string word) => Taken(At(word));

    /// <summary>Takes a token of a kind, or reports that it was expected and takes nothing.</summary>
    public bool Expect(TokenKind kind, string what)
    {
        if (TryTake(kind)) return true;
        ReportExpected(what);
        return false;
    }

    public void SkipTerminators()
    {
        while (At(TokenKind.Terminator)) Take();
    }

    /// <summary>The name of a relation or permission, or one segment of a type's; its form is checked later.</summary>
    public NameSyntax ExpectName(string what)
    {
        bool startsAnother = Current.OnNewLine && flags.Reserves(Current.Characters);
        if (!At(TokenKind.Word) || startsAnother)
        {
            ReportExpected(what);
            return new NameSyntax("", new TextSpan(Current.Span.Start, 0));
        }
        if (flags.Reserves(Current.Characters)) Report(Catalogue.KeywordAsName(Current.Span, Current.Text));
        return TakeName();
    }

    /// <summary>A word that is no name, such as a flag; nothing is reserved there.</summary>
    public NameSyntax ExpectWord(string what)
    {
        if (At(TokenKind.Word)) return TakeName();
        ReportExpected(what);
        return new NameSyntax("", new TextSpan(Current.Span.Start, 0));
    }

    public NameSyntax TakeName()
    {
        Token word = Take();
        return new NameSyntax(word.Text, word.Span);
    }

    /// <summary><c>folder</c>, <c>acme/folder</c></summary>
    public NameSyntax ExpectTypeName(string what)
    {
        NameSyntax first = ExpectName(what);
        if (first.IsMissing || !At(TokenKind.Slash)) return first;
        int start = Index - 1;
        int length = first.Span.Length;
        while (TryTake(TokenKind.Slash)) length += 1 + ExpectName("the rest of a definition's name").Span.Length;
        TextSpan whole = SpanFrom(first.Span.Start);
        bool isInOnePiece = whole.Length == length;
        return new NameSyntax(isInOnePiece ? tokens.Shared(whole) : InPieces(start), whole);
    }

    /// <summary>The tokens taken since <paramref name="start"/>, without what stands between them.</summary>
    private string InPieces(int start) => string.Concat(Enumerable.Range(start, Index - start).Select(i => tokens[i].Text));

    public void ReportExpected(string what) => Report(Catalogue.Expected(Current.Span, what, Describe(Current)));

    public void Report(Diagnostic diagnostic)
    {
        bool isEcho = _reportedAt == Index;
        _reportedAt = Index;
        if (!isEcho && !At(TokenKind.Bad)) diagnostics.Add(diagnostic);
    }

    /// <summary>After skipping: what is missing here is an echo of what was reported before.</summary>
    public void ReportNothingHere() => _reportedAt = Index;

    /// <summary>Reports whatever was reported at this token before, for what is no consequence of that.</summary>
    public void ReportAlways(Diagnostic diagnostic) => diagnostics.Add(diagnostic);

    public string? Nearest(string name, IEnumerable<string> candidates) => diagnostics.Nearest(name, candidates);

    /// <summary>Goes on to the end of the member, or to what certainly begins another.</summary>
    public void SkipToEndOfMember()
    {
        while (!At(TokenKind.End) && !At(TokenKind.Terminator) && !At(TokenKind.CloseBrace) && !StartsMember()) Take();
    }

    private bool StartsMember() =>
        Current.OnNewLine && (At(Words.Relation) || At(Words.Permission) || At(Words.Definition));

    private bool Taken(bool there)
    {
        if (there) Take();
        return there;
    }

    public static string Describe(Token token) => token.Kind switch
    {
        TokenKind.End => "the end of the text",
        TokenKind.Terminator when token.Span.Length == 0 => "the end of the line",
        _ => $"`{Catalogue.Shorten(token.Text)}`",
    };
}
