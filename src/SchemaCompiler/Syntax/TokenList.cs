using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>
/// The tokens of a file. A long schema has a million of them, so each is 12 bytes without a reference: the garbage collector does
/// not look into them, and what few have, comments and names that somebody reads, stands beside them.
/// </summary>
internal sealed class TokenList(SourceText source, StoredToken[] tokens, Comment[] comments)
{
    public static readonly TokenList Empty = new(new SourceText(""), [], []);

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _words =
        new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public SourceText Source { get; } = source;

    public int Count => tokens.Length;

    public Token this[int index] => new(this, index);

    public ref readonly StoredToken Stored(int index) => ref tokens[index];

    public bool Is(int index, string word) => tokens[index].Kind == TokenKind.Word && Source[tokens[index].Span].SequenceEqual(word);

    public ReadOnlySpan<Comment> CommentsBefore(int index)
    {
        if ((tokens[index].Traits & TokenTraits.HasComments) == 0) return [];
        int first = FirstCommentFrom(index);
        int end = first;
        while (end < comments.Length && comments[end].Token == index) end++;
        return comments.AsSpan(first..end);
    }

    private int FirstCommentFrom(int token)
    {
        int low = 0, high = comments.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (comments[middle].Token < token) low = middle + 1;
            else high = middle;
        }
        return low;
    }

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
