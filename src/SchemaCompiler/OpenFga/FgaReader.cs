using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>Walks the tokens for the parsers, and gives every comment on the way to the declaration it belongs to.</summary>
internal sealed class FgaReader(ImmutableArray<FgaToken> tokens, DiagnosticBag diagnostics)
{
    private readonly List<FgaComment> _comments = [];
    private FgaNotes? _notes;
    private int _index;

    public FgaToken Current => tokens[_index];

    public FgaToken Take()
    {
        FgaToken token = Current;
        _comments.AddRange(token.Comments);
        if (token.Kind != FgaTokenKind.End) _index++;
        return token;
    }

    public bool At(FgaTokenKind kind) => Current.Kind == kind;

    public bool At(string word) => Current.Is(word);

    public bool AtDeclaration => Current.OnNewLine && FgaWords.Declarations.Any(At);

    public bool TryTake(FgaTokenKind kind)
    {
        bool isThere = At(kind);
        if (isThere) Take();
        return isThere;
    }

    public bool TryTake(string word)
    {
        bool isThere = At(word);
        if (isThere) Take();
        return isThere;
    }

    public bool Expect(FgaTokenKind kind, string what) => TryTake(kind) || Refuse(what);

    public bool Expect(string word) => TryTake(word) || Refuse($"`{word}`");

    /// <summary>A name, which any word can be; null, and reported, when a declaration begins here instead.</summary>
    public NameSyntax? ExpectName(string what)
    {
        if (!At(FgaTokenKind.Word) || AtDeclaration)
        {
            Refuse(what);
            return null;
        }
        FgaToken word = Take();
        return new NameSyntax(word.Text, word.Span);
    }

    /// <summary>Reports what was expected here, unless the lexer had something to say about it; false.</summary>
    public bool Refuse(string what)
    {
        string found = At(FgaTokenKind.End) ? "the end of the text" : $"`{Catalogue.Shorten(Current.Text)}`";
        if (!At(FgaTokenKind.Bad)) Report(FgaCatalogue.Expected(Current.Span, what, found));
        return false;
    }

    public void Report(Diagnostic diagnostic) => diagnostics.Add(diagnostic);

    public string? Nearest(string name, IEnumerable<string> candidates) => diagnostics.Nearest(name, candidates);

    /// <summary>Goes on to the next declaration.</summary>
    public void Skip()
    {
        while (!At(FgaTokenKind.End) && !AtDeclaration) Take();
    }

    /// <summary>Takes the word that begins a declaration; comments above it are its own, those before on a line of the one before it.</summary>
    public FgaNotes TakeDeclaration()
    {
        Take();
        FgaNotes notes = new();
        List<string> behind = _notes?.Behind ?? notes.Above;
        foreach (FgaComment comment in _comments) (comment.OnNewLine ? notes.Above : behind).Add(comment.Text);
        _comments.Clear();
        return _notes = notes;
    }

    /// <summary>What stands below everything, at the end.</summary>
    public FgaNotes TakeEnd() => TakeDeclaration();
}
