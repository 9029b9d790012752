using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>
/// The tokens of a file. A long schema has a million of them, so each is 12 bytes without a reference: the garbage collector does
/// not look into them, and what few have, comments and names that somebody reads, stands beside them.
/// </summary>
internal sealed class TokenList(SourceText source, StoredToken[] tokens, Dictionary<int, ImmutableArray<Comment>> comments)
{
    public static readonly TokenList Empty = new(new SourceText(""), [], []);

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _words =
        new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public SourceText Source { get; } = source;

    public int Count => tokens.Length;

    public Token this[int index] => new(this, index);

    public ref readonly StoredToken Stored(int index) => ref tokens[index];

    public bool Is(int index, string word) => tokens[index].Kind == TokenKind.Word && Source[tokens[index].Span].SequenceEqual(word);

    public ImmutableArray<Comment> CommentsBefore(int index) =>
        (tokens[index].Traits & TokenTraits.HasComments) != 0 && comments.TryGetValue(index, out ImmutableArray<Comment> before) ? before : [];

    /// <summary>What stands at a span: one string wherever the same stands.</summary>
    public string Shared(TextSpan span)
    {
        ReadOnlySpan<char> text = Source[span];
        if (_words.TryGetValue(text, out string? known)) return known;
        string added = text.ToString();
        _words.Set.Add(added);
        return added;
    }

    /// <summary>The same tokens as if no comment stood anywhere.</summary>
    public TokenList WithoutComments() => new(Source, tokens, []);

    public IEnumerator<Token> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }
}
