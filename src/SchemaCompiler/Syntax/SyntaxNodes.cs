using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Syntax;

// The syntax tree: what the author wrote, nothing resolved. A node knows its tokens, and these the comments before them, so the
// formatter and later an editor can get every character back. Depth is bounded by CompilerLimits.Nesting: walk it recursively.

/// <summary>A whole text, or the files of one schema put together; then the tokens are those of the first.</summary>
/// <param name="IsIncomplete">Something at the top level was skipped: names may be missing for that reason.</param>
internal sealed record SchemaSyntax(
    TokenList Tokens, ImmutableArray<UseSyntax> Uses, ImmutableArray<TopLevelSyntax> TopLevel,
    Flags Flags, bool IsIncomplete)
{
    public bool HasImports => TopLevel.Any(topLevel => topLevel is ImportSyntax);
}

/// <summary>What stands between the <c>use</c> lines and the end of the text, in any order.</summary>
internal abstract record TopLevelSyntax;

/// <summary>A name where it stands; <see cref="IsMissing"/> when the parser had to imagine it.</summary>
internal readonly record struct NameSyntax(string Text, TextSpan Span)
{
    public bool IsMissing => Text.Length == 0;
}

/// <summary><c>use expiration</c></summary>
internal sealed record UseSyntax(NameSyntax Flag, TokenRange Tokens);

/// <summary><c>definition folder { … }</c>, and <c>partial viewing { … }</c>, which definitions splat.</summary>
/// <param name="Header">Up to and with <c>{</c>.</param>
/// <param name="CloseBrace">Index of <c>}</c>.</param>
/// <param name="IsIncomplete">A member was skipped or is not supported.</param>
internal sealed record DefinitionSyntax(
    NameSyntax Name, ImmutableArray<MemberSyntax> Members, bool IsPartial, bool IsIncomplete, TokenRange Header, int CloseBrace)
    : TopLevelSyntax;

/// <summary><c>import "people/user.authz"</c></summary>
/// <param name="Path">What stands between the quotes, at the span of the whole string; missing when there is no string.</param>
/// <param name="IsAllowed">After <c>use import</c>.</param>
internal sealed record ImportSyntax(NameSyntax Path, bool IsAllowed, TokenRange Tokens) : TopLevelSyntax;

/// <summary>Where a file ends among the files of one schema, with the comments before that.</summary>
internal sealed record FileEndSyntax(Token End) : TopLevelSyntax;

/// <summary><c>caveat weekday(day string) { day != "sunday" }</c></summary>
/// <param name="Body">What stands between the braces; it has no text when nothing does.</param>
/// <param name="IsIncomplete">It has no parentheses.</param>
/// <param name="Header">Up to and with <c>{</c>.</param>
/// <param name="CloseBrace">Index of <c>}</c>.</param>
internal sealed record CaveatSyntax(
    NameSyntax Name, ImmutableArray<ParameterSyntax> Parameters, NameSyntax Body, bool IsIncomplete, TokenRange Header,
    int CloseBrace) : TopLevelSyntax
{
    /// <summary>Those before its first word.</summary>
    public ImmutableArray<Comment> Comments => Header.First.Comments;
}

/// <summary><c>day string</c>, <c>sizes map&lt;int&gt;</c></summary>
internal sealed record ParameterSyntax(NameSyntax Name, ParameterTypeSyntax Type);

/// <summary>A word and what stands in its angle brackets; at most <see cref="Diagnostics.CompilerLimits.Nesting"/> deep.</summary>
internal sealed record ParameterTypeSyntax(NameSyntax Word, ParameterTypeSyntax? Child, TextSpan Span);

/// <summary>What stands on one line of a definition.</summary>
/// <param name="Tokens">From its first word, without terminator.</param>
internal abstract record MemberSyntax(TokenRange Tokens)
{
    /// <summary>Those before its first word.</summary>
    public ImmutableArray<Comment> Comments => Tokens.First.Comments;
}

/// <summary><c>...viewing</c>: stands for the members of a partial.</summary>
internal sealed record SplatSyntax(NameSyntax Partial, TokenRange Tokens) : MemberSyntax(Tokens);

/// <summary><c>relation viewer: user | team#member</c></summary>
internal sealed record RelationSyntax(NameSyntax Name, ImmutableArray<TypeReferenceSyntax> Types, TokenRange Tokens)
    : MemberSyntax(Tokens);

/// <summary><c>permission view: user = viewer + parent->view</c></summary>
/// <param name="Annotation">The types it says its subjects have; empty when it does not say.</param>
internal sealed record PermissionSyntax(
    NameSyntax Name, ImmutableArray<NameSyntax> Annotation, ExpressionSyntax Expression, TokenRange Tokens) : MemberSyntax(Tokens);

/// <summary><c>user</c>, <c>user:*</c>, <c>team#member</c>, <c>user with expiration</c>. <c>user#...</c> is <c>user</c>.</summary>
internal readonly record struct TypeReferenceSyntax(
    NameSyntax Type, NameSyntax? Relation, bool IsWildcard, NameSyntax? Caveat, bool Expires, TextSpan Span);

/// <summary>A clause of <c>use delegation</c>.</summary>
internal abstract record ClauseSyntax(NameSyntax Keyword, TokenRange Tokens) : MemberSyntax(Tokens);

/// <summary><c>principal agent</c>, <c>task</c>, <c>delegation</c>; only principals have a kind.</summary>
internal sealed record RoleSyntax(NameSyntax Keyword, NameSyntax? Kind, TokenRange Tokens) : ClauseSyntax(Keyword, Tokens);

/// <summary><c>within parent, folder</c></summary>
internal sealed record WithinSyntax(NameSyntax Keyword, ImmutableArray<NameSyntax> Relations, TokenRange Tokens)
    : ClauseSyntax(Keyword, Tokens);

/// <summary><c>delegable view, edit max hops 2 max ttl 1h approval owner</c>; <c>delegable *</c> has no names.</summary>
internal sealed record DelegableSyntax(
    NameSyntax Keyword, bool IsAll, ImmutableArray<NameSyntax> Names, ImmutableArray<NameSyntax> MaxHops,
    ImmutableArray<NameSyntax> MaxTtl, ImmutableArray<NameSyntax> Approvals, TokenRange Tokens) : ClauseSyntax(Keyword, Tokens);

/// <summary><c>autonomous view</c></summary>
internal sealed record AutonomousSyntax(NameSyntax Keyword, ImmutableArray<NameSyntax> Names, TokenRange Tokens)
    : ClauseSyntax(Keyword, Tokens);

/// <summary><c>domain data</c></summary>
internal sealed record DomainSyntax(NameSyntax Keyword, NameSyntax Domain, TokenRange Tokens) : ClauseSyntax(Keyword, Tokens);
