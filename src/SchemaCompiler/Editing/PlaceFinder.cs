using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Binding;
using AuthzGraph.SchemaCompiler.Syntax;
using static AuthzGraph.SchemaCompiler.Syntax.TokenKind;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>Tells from the tokens of a statement what could come next.</summary>
internal static class PlaceFinder
{
    private static readonly CompletionPlace Free = new CompletionPlace.Free();

    public static CompletionPlace After(StatementBefore statement, Flags flags)
    {
        ImmutableArray<Token> tokens = statement.Tokens;
        if (tokens.IsEmpty) return statement.InBody ? new CompletionPlace.Member() : new CompletionPlace.TopLevel();
        if (!statement.InBody) return AtTop(tokens);
        return tokens[0].Text switch
        {
            Words.Relation => InRelation(tokens),
            Words.Permission => InPermission(tokens),
            "..." => tokens.Length == 1 ? new CompletionPlace.Partial() : Free,
            _ => flags.Delegation ? InClause(tokens) : Free,
        };
    }

    private static CompletionPlace AtTop(ImmutableArray<Token> tokens)
    {
        if (tokens[0].Is(Words.Use) && tokens.Length == 1) return new CompletionPlace.Flag();
        bool isInParameters = tokens[0].Is(Words.Caveat) && tokens.Any(token => token.Kind == OpenParenthesis);
        if (!isInParameters || tokens.Length < 3) return Free;
        bool followsName = tokens[^1].Kind == Word && tokens[^2].Kind is OpenParenthesis or Comma;
        return followsName || tokens[^1].Kind == OpenAngle ? new CompletionPlace.ParameterType() : Free;
    }

    private static CompletionPlace InRelation(ImmutableArray<Token> tokens)
    {
        if (tokens.Length == 1) return new CompletionPlace.RelationName();
        if (tokens.Length == 2) return Free;
        Token last = tokens[^1], previous = tokens[^2];
        if (last.Kind == Pipe || (last.Kind == Colon && tokens.Length == 3)) return new CompletionPlace.Type();
        if (last.Kind == Hash) return new CompletionPlace.Userset(TypeNameBefore(tokens, tokens.Length - 1));
        if (last.Is(Words.With)) return new CompletionPlace.Trait();
        if (last.Is(Words.And)) return new CompletionPlace.Words(Words.Expiration);
        if (last.Is(Words.Expiration) || last.Kind is not (Word or Star or Ellipsis)) return Free;
        return new CompletionPlace.Words(previous.Is(Words.With) ? Words.And : Words.With);
    }

    /// <summary><c>acme/team</c> before an index.</summary>
    private static string TypeNameBefore(ImmutableArray<Token> tokens, int end)
    {
        int start = end;
        while (start > 0 && (tokens[start - 1].Kind == Slash || (tokens[start - 1].Kind == Word && (start == end || tokens[start].Kind == Slash)))) start--;
        return string.Concat(tokens[start..end].Select(token => token.Text));
    }

    private static CompletionPlace InPermission(ImmutableArray<Token> tokens)
    {
        if (tokens.Length <= 2) return Free;
        Token last = tokens[^1];
        if (!tokens.Any(token => token.Kind == TokenKind.Equals)) return last.Kind is Colon or Pipe ? new CompletionPlace.Type() : Free;
        if (last.Kind == Arrow) return new CompletionPlace.ArrowTarget(tokens[^2].Text);
        if (last.Kind == Dot) return new CompletionPlace.Words(Words.Any, Words.All);
        bool isFunction = last.Kind == OpenParenthesis && tokens.Length > 4 && tokens[^3].Kind == Dot;
        if (isFunction) return new CompletionPlace.ArrowTarget(tokens[^4].Text);
        return last.Kind is TokenKind.Equals or Plus or Ampersand or Minus or OpenParenthesis ? new CompletionPlace.Operand() : Free;
    }

    private static CompletionPlace InClause(ImmutableArray<Token> tokens)
    {
        bool isFirst = tokens.Length == 1;
        bool awaitsName = isFirst || tokens[^1].Kind == Comma;
        return tokens[0].Text switch
        {
            Words.Principal when isFirst => new CompletionPlace.Words([.. ClauseBinder.Kinds.Keys]),
            Words.Domain when isFirst => new CompletionPlace.Words([.. ClauseBinder.Domains.Keys]),
            Words.Within when awaitsName => new CompletionPlace.Relations(),
            Words.Autonomous when awaitsName => new CompletionPlace.MemberNames(OrAll: false),
            Words.Delegable => awaitsName ? new CompletionPlace.MemberNames(OrAll: isFirst) : Option(tokens[^1], tokens[^2]),
            _ => Free,
        };
    }

    /// <summary>Behind the names of <c>delegable</c>; a member may be called <c>approval</c> or <c>max</c>.</summary>
    private static CompletionPlace Option(Token last, Token previous)
    {
        bool isName = previous.Kind == Comma || previous.Is(Words.Delegable);
        if (!isName && last.Is(Words.Approval)) return new CompletionPlace.MemberNames(OrAll: false);
        if (!isName && last.Is(Words.Max)) return new CompletionPlace.Words(Words.Hops, Words.Ttl);
        if (last.Is(Words.Hops) || last.Is(Words.Ttl)) return Free;
        return last.Kind is Word or Star ? new CompletionPlace.Words($"{Words.Max} {Words.Hops}", $"{Words.Max} {Words.Ttl}", Words.Approval) : Free;
    }
}
