using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AuthzGraph.Model;
using AuthzGraph.Server.Security.Credentials;
using AuthzGraph.Server.Yaml;
using Microsoft.IdentityModel.Tokens;

namespace AuthzGraph.Server.Security.Tokens;

/// <summary>Reads the issuers of the credentials file.</summary>
internal sealed partial class IssuerReader(YamlProblems problems, CredentialReader common, string folder)
{
    // Neither `none` nor anything with a shared secret: whoever knows the public key could sign with it.
    private static readonly ImmutableArray<string> Known =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly HashSet<string> _issuers = new(StringComparer.Ordinal);

    public TokenIssuer? Read(YamlSection section)
    {
        string? name = common.Name(section, "an issuer");
        YamlText? issuer = section.Required("issuer", "an issuer");
        ImmutableArray<string> audiences = [.. section.Texts("audiences").Select(text => text.Value)];
        if (audiences.IsEmpty) problems.Say(section.Place, "an issuer has `audiences`: the names of this server that its tokens are for");
        if (issuer is { } given && !_issuers.Add(given.Value)) problems.Say(given.Place, $"`{given.Value}` is another entry's issuer already");
        KeySource? keys = Keys(section);
        ImmutableArray<string> algorithms = [.. section.Texts("algorithms").Select(Algorithm).OfType<string>()];
        PrincipalTemplate? principal = Principal(section);
        string subject = section.Text("subject_claim")?.Value ?? "sub";
        string scope = section.Text("scope_claim")?.Value ?? "scope";
        ImmutableArray<(string, Rights)> scopes = section.IsMapping("scopes") && section.Section("scopes") is { } map
            ? [.. map.Names().Select(s => (s.Value, common.RightsOf(map.Texts(s.Value))))]
            : Unmapped(section);
        Terms terms = common.TermsOf(section, name ?? "", principal: null, isBound: principal is not null, rightsMayCome: scopes.Length > 0);
        section.End();
        if (name is null || issuer is not { } iss || keys is null) return null;
        return new TokenIssuer
        {
            Issuer = iss.Value,
            Audiences = audiences,
            Keys = keys,
            Algorithms = algorithms.IsEmpty ? Known : algorithms,
            Principal = principal,
            SubjectClaim = subject,
            ScopeClaim = scope,
            Scopes = scopes,
            Terms = terms,
        };
    }

    private ImmutableArray<(string, Rights)> Unmapped(YamlSection section)
    {
        foreach (YamlText text in section.Texts("scopes")) problems.Say(text.Place, "`scopes` gives each scope its rights: `orders.read: [check]`");
        return [];
    }

    private KeySource? Keys(YamlSection section)
    {
        if (section.Required("keys", "an issuer") is not { } text) return null;
        if (!text.Value.Contains("://", StringComparison.Ordinal)) return new KeySource.File(Path.Combine(folder, text.Value));
        if (Uri.TryCreate(text.Value, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            return new KeySource.Address(url);
        problems.Say(text.Place, "`keys` is a file, or an https address; http is for this machine alone, since keys that anybody can exchange on the way prove nothing");
        return null;
    }

    private string? Algorithm(YamlText text)
    {
        if (Known.Contains(text.Value)) return text.Value;
        problems.Say(text.Place, $"`{text.Value}` is no algorithm that tokens may be signed with: write some of {string.Join(", ", Known)}");
        return null;
    }

    private PrincipalTemplate? Principal(YamlSection section)
    {
        if (section.Text("principal") is not { } text) return null;
        if (TemplateForm().Match(text.Value) is { Success: true } match && Names.IsType(match.Groups[1].Value))
            return new PrincipalTemplate(match.Groups[1].Value, match.Groups[2].Value);
        problems.Say(text.Place, "an issuer's `principal` is a type and the claim that holds the id: agent:{sub}");
        return null;
    }

    [GeneratedRegex(@"^([^:{}]+):\{([A-Za-z0-9_.:/-]+)\}\z")]
    private static partial Regex TemplateForm();
}
