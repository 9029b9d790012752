using System.Buffers;
using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Collects tokens in memory that the next text will use again: a long schema has a million of them.</summary>
internal sealed class TokenBuffer
{
    private const int AtFirst = 1_024;

    private Token[] _tokens = ArrayPool<Token>.Shared.Rent(AtFirst);

    public int Count { get; private set; }

    /// <summary>The kind of the last token; <see cref="TokenKind.End"/> before the first.</summary>
    public TokenKind LastKind => Count == 0 ? TokenKind.End : _tokens[Count - 1].Kind;

    public void Add(in Token token)
    {
        if (Count == _tokens.Length) Grow();
        _tokens[Count++] = token;
    }

    /// <summary>All tokens; then the buffer is of no more use.</summary>
    public ImmutableArray<Token> Drain()
    {
        ImmutableArray<Token> tokens = ImmutableArray.Create(_tokens, 0, Count);
        Return();
        return tokens;
    }

    private void Grow()
    {
        Token[] larger = ArrayPool<Token>.Shared.Rent(_tokens.Length * 2);
        _tokens.AsSpan(0, Count).CopyTo(larger);
        Return();
        _tokens = larger;
    }

    private void Return()
    {
        _tokens.AsSpan(0, Count).Clear();
        ArrayPool<Token>.Shared.Return(_tokens);
        _tokens = [];
    }
}
