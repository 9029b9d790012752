using System.Buffers;
using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Collects the tokens of a text, in memory that the next text will use again.</summary>
internal sealed class TokenBuffer(SourceText source)
{
    /// <summary>Few texts have more tokens than one for so many characters.</summary>
    private const int CharactersForToken = 4;

    private readonly Dictionary<int, ImmutableArray<Comment>> _comments = [];
    private StoredToken[] _tokens = ArrayPool<StoredToken>.Shared.Rent(source.Text.Length / CharactersForToken + 1);
    private int _count;

    /// <summary>The kind of the last token; <see cref="TokenKind.End"/> before the first.</summary>
    public TokenKind LastKind => _count == 0 ? TokenKind.End : _tokens[_count - 1].Kind;

    public void Add(in StoredToken token)
    {
        if (_count == _tokens.Length) Grow();
        _tokens[_count++] = token;
    }

    public void Add(in StoredToken token, ImmutableArray<Comment> comments)
    {
        _comments.Add(_count, comments);
        Add(token with { Traits = token.Traits | TokenTraits.HasComments });
    }

    /// <summary>All tokens; then the buffer is of no more use.</summary>
    public TokenList Drain()
    {
        StoredToken[] tokens = _tokens.AsSpan(0, _count).ToArray();
        Return();
        return new TokenList(source, tokens, _comments);
    }

    private void Grow()
    {
        StoredToken[] larger = ArrayPool<StoredToken>.Shared.Rent(_tokens.Length * 2);
        _tokens.AsSpan(0, _count).CopyTo(larger);
        Return();
        _tokens = larger;
    }

    private void Return()
    {
        ArrayPool<StoredToken>.Shared.Return(_tokens);
        _tokens = [];
    }
}
