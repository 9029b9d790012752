using System.Collections.Immutable;
using AuthzGraph.Server.Security.Credentials;

namespace AuthzGraph.Server.Security.Tokens;

/// <summary>An issuer whose tokens are taken, and what they are worth.</summary>
internal sealed record TokenIssuer
{
    /// <summary>The claim <c>iss</c>, to the letter.</summary>
    public required string Issuer { get; init; }

    /// <summary>One of them has to be in <c>aud</c>.</summary>
    public required ImmutableArray<string> Audiences { get; init; }

    /// <summary>Where its public keys are, as a JSON Web Key Set: a file or an address.</summary>
    public required KeySource Keys { get; init; }

    /// <summary>The signature algorithms that are taken, all of them with a public and a private key.</summary>
    public required ImmutableArray<string> Algorithms { get; init; }

    /// <summary>How a token's claims name the principal it is bound to; null: its bearers ask for others.</summary>
    public PrincipalTemplate? Principal { get; init; }

    /// <summary>Who the bearer is, for logs and limits: the claim that names it.</summary>
    public required string SubjectClaim { get; init; }

    /// <summary>Holds scopes: a text with spaces between them, or a list.</summary>
    public required string ScopeClaim { get; init; }

    /// <summary>What a scope gives beside what every token has.</summary>
    public required ImmutableArray<(string Scope, Rights Rights)> Scopes { get; init; }

    /// <summary>What every token has. The name is the entry's.</summary>
    public required Terms Terms { get; init; }

    public bool Equals(TokenIssuer? other) =>
        other is not null && Issuer == other.Issuer && Audiences.SequenceEqual(other.Audiences) && Keys == other.Keys && Algorithms.SequenceEqual(other.Algorithms)
        && Principal == other.Principal && SubjectClaim == other.SubjectClaim && ScopeClaim == other.ScopeClaim && Scopes.SequenceEqual(other.Scopes) && Terms == other.Terms;

    public override int GetHashCode() => Issuer.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Where public keys come from.</summary>
internal abstract record KeySource
{
    private KeySource() { }

    public sealed record File(string Path) : KeySource;

    public sealed record Address(Uri Url) : KeySource;
}

/// <summary><c>agent:{sub}</c>: a type, and the claim that holds the id; <c>{act.sub}</c> is a claim within another.</summary>
internal sealed record PrincipalTemplate(string Type, string Claim)
{
    public bool IsOfActor => Claim.StartsWith("act.", StringComparison.Ordinal);
}
