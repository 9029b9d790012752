using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using AuthzGraph.Model;
using AuthzGraph.Server.Security.Credentials;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthzGraph.Server.Security.Tokens;

/// <summary>What the claims of a token that was verified are worth.</summary>
internal static class TokenTerms
{
    private const string Actor = "act";
    private const int LongestName = 200;

    /// <exception cref="AuthzGraph.Rpc.RpcException">UNAUTHENTICATED: a claim that is needed is missing or no name.</exception>
    public static Terms Of(JsonWebToken token, TokenIssuer issuer)
    {
        using JsonDocument payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        return Of(payload.RootElement, issuer);
    }

    private static Terms Of(JsonElement token, TokenIssuer issuer)
    {
        // Of a token that one party got to act for another (RFC 8693, 4.1), `sub` is whom it acts for. Taken for the
        // bearer, an agent would be the person it works for.
        if (Claim(token, Actor) is not null && issuer.Principal is { IsOfActor: false }) throw Refusals.TokenRefused("somebody acts for another with it");
        return issuer.Terms with
        {
            Name = NameOf(token, issuer),
            Principal = issuer.Principal is { } template ? PrincipalOf(token, template) : null,
            Grants = GrantsOf(token, issuer),
        };
    }

    private static string NameOf(JsonElement token, TokenIssuer issuer)
    {
        string subject = Claim(token, issuer.SubjectClaim) ?? throw Refusals.TokenRefused($"it has no `{issuer.SubjectClaim}`");
        if (subject.Length is 0 or > LongestName || subject.Any(char.IsControl)) throw Refusals.TokenRefused($"its `{issuer.SubjectClaim}` is no name");
        return $"{issuer.Terms.Name}/{subject}";
    }

    private static ObjectRef PrincipalOf(JsonElement token, PrincipalTemplate template)
    {
        string id = Claim(token, template.Claim) ?? throw Refusals.TokenRefused($"it has no `{template.Claim}`");
        if (id == Names.Wildcard || !Names.IsObjectId(id)) throw Refusals.TokenRefused($"its `{template.Claim}` is no id");
        return new ObjectRef(template.Type, id);
    }

    private static ImmutableArray<Grant> GrantsOf(JsonElement token, TokenIssuer issuer)
    {
        Rights more = Rights.None;
        if (issuer.Scopes.Length > 0)
        {
            HashSet<string> scopes = [.. ScopesOf(token, issuer.ScopeClaim)];
            foreach ((string scope, Rights rights) in issuer.Scopes)
                if (scopes.Contains(scope)) more |= rights;
        }
        return [.. issuer.Terms.Grants.Select(grant => grant with { Rights = grant.Rights | more })];
    }

    private static IEnumerable<string> ScopesOf(JsonElement token, string claim)
    {
        if (!token.TryGetProperty(claim, out JsonElement value)) return [];
        return value.ValueKind switch
        {
            JsonValueKind.String => (value.GetString() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString() ?? ""),
            _ => [],
        };
    }

    /// <summary>A claim as text; <c>act.sub</c> is the member <c>sub</c> of the claim <c>act</c>, unless there is a claim of that whole name.</summary>
    private static string? Claim(JsonElement token, string name)
    {
        if (token.TryGetProperty(name, out JsonElement whole)) return TextOf(whole);
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || !token.TryGetProperty(name[..dot], out JsonElement part)) return null;
        foreach (string member in name[(dot + 1)..].Split('.'))
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty(member, out part)) return null;
        return TextOf(part);
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText();
}
