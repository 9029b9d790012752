using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AuthzGraph.Model;
using AuthzGraph.Server.Security.Tokens;
using AuthzGraph.Server.Yaml;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>Reads the entries of the credentials file; what is wrong is said, and read on.</summary>
/// <param name="folder">Where files that it names are looked for.</param>
internal sealed partial class CredentialReader(YamlProblems problems, string folder)
{
    private const int MostKeys = 2;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<CertificateName> _certificates = [];

    public CredentialFile Read(YamlSection root)
    {
        ImmutableArray<Credential> credentials = [.. root.Sections("credentials", "a credential").Select(Entry).OfType<Credential>()];
        var issuers = new IssuerReader(problems, this, folder);
        ImmutableArray<TokenIssuer> trusted = [.. root.Sections("issuers", "an issuer").Select(issuers.Read).OfType<TokenIssuer>()];
        root.End();
        if (credentials.IsEmpty && trusted.IsEmpty && problems.Found.Count == 0) problems.Say(root.Place, "nobody is let in: there are neither `credentials` nor `issuers`");
        return new CredentialFile(credentials, trusted);
    }

    private Credential? Entry(YamlSection section)
    {
        string? name = Name(section, "a credential");
        ImmutableArray<byte[]> keys = [.. section.Texts("keys").Select(Key).OfType<byte[]>()];
        ImmutableArray<CertificateName> certificates = [.. section.Texts("certificates").Select(Certificate).OfType<CertificateName>()];
        if (keys.IsEmpty && certificates.IsEmpty) problems.Say(section.Place, "a credential has `keys` or `certificates`: the first is made by `authzgraph credential create`");
        if (keys.Length > MostKeys) problems.Say(section.Place, $"a credential has at most {MostKeys} keys: the one in use and the one that takes its place");
        ObjectRef? principal = Principal(section);
        Terms terms = TermsOf(section, name ?? "", principal, isBound: principal is not null, rightsMayCome: false);
        section.End();
        return name is null ? null : new Credential(terms, keys, certificates);
    }

    /// <summary>A name that no other entry has.</summary>
    public string? Name(YamlSection section, string what)
    {
        if (section.Required("name", what) is not { } name) return null;
        if (!NameForm().IsMatch(name.Value)) problems.Say(name.Place, $"`{name.Value}` is no name for {what}: write 1 to 100 of A–Z a–z 0–9 . _ -");
        else if (!_names.Add(name.Value)) problems.Say(name.Place, $"there is another entry `{name.Value}`: names are given once");
        else return name.Value;
        return null;
    }

    /// <summary>What an entry allows: <c>rights</c>, <c>stores</c>, <c>denials</c> and limits.</summary>
    /// <param name="rightsMayCome">Whether rights may be left out, because they come from elsewhere too.</param>
    public Terms TermsOf(YamlSection section, string name, ObjectRef? principal, bool isBound, bool rightsMayCome) => new()
    {
        Name = name,
        Grants = Grants(section, rightsMayCome),
        Principal = principal,
        Detail = Detail(section) ?? (isBound ? DenialDetail.Code : DenialDetail.All),
        Limits = new CallLimits(section.Number("calls_per_second", least: 1), section.Number("concurrent_calls", least: 1)),
    };

    public Rights RightsOf(IEnumerable<YamlText> words)
    {
        Rights all = Rights.None;
        foreach (YamlText word in words)
            if (RightNames.TryParse(word.Value, out Rights right)) all |= right;
            else problems.Say(word.Place, $"there is no right `{word.Value}`{RightNames.Hint(word.Value)}");
        return all;
    }

    /// <summary>Either <c>rights</c> that hold in each of <c>stores</c>, or rights of its own for each store.</summary>
    private ImmutableArray<Grant> Grants(YamlSection section, bool rightsMayCome)
    {
        Rights rights = RightsOf(section.Texts("rights"));
        if (section.IsMapping("stores") && section.Section("stores") is { } byStore)
        {
            if (rights != Rights.None) problems.Say(section.Place, "`stores` gives each store its rights, so leave `rights` out");
            return [.. byStore.Names().Select(store => new Grant(store.Value, RightsOf(byStore.Texts(store.Value))))];
        }
        if (rights == Rights.None && !rightsMayCome) problems.Say(section.Place, $"no `rights` are given: write some of {string.Join(", ", RightNames.All)}");
        ImmutableArray<Grant> stores = [.. section.Texts("stores").Select(store => new Grant(store.Value, rights))];
        return stores.IsEmpty ? [new Grant(Grant.AnyStore, rights)] : stores;
    }

    private DenialDetail? Detail(YamlSection section)
    {
        if (section.Text("denials") is not { } text) return null;
        switch (text.Value)
        {
            case "nothing": return DenialDetail.Nothing;
            case "code": return DenialDetail.Code;
            case "all": return DenialDetail.All;
            default:
                problems.Say(text.Place, $"`denials` is `{text.Value}`: write nothing, code or all");
                return null;
        }
    }

    private ObjectRef? Principal(YamlSection section)
    {
        if (section.Text("principal") is not { } text) return null;
        if (ObjectRef.TryParse(text.Value, out ObjectRef principal) && !principal.IsWildcard) return principal;
        problems.Say(text.Place, "`principal` is one object: agent:buyer");
        return null;
    }

    // a key that stands here by mistake must not come to light in the message
    private byte[]? Key(YamlText text)
    {
        if (text.Value.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)) problems.Say(text.Place, "this is a key itself: write its SHA-256 here, and give the key to the caller alone");
        else if (!HashForm().IsMatch(text.Value)) problems.Say(text.Place, "a key is written as its SHA-256: 64 hexadecimal digits");
        else if (!_keys.Add(text.Value.ToLowerInvariant())) problems.Say(text.Place, "this key stands here twice: each is one credential's alone");
        else return Convert.FromHexString(text.Value);
        return null;
    }

    private CertificateName? Certificate(YamlText text)
    {
        int at = text.Value.IndexOf(':', StringComparison.Ordinal);
        string kind = at > 0 ? text.Value[..at] : "";
        if (kind is not (CertificateName.Subject or CertificateName.Dns or CertificateName.Uri or CertificateName.Email) || at == text.Value.Length - 1)
            problems.Say(text.Place, "a certificate is written as what it calls its holder: subject:CN=…, dns:…, uri:… or email:…");
        else if (!_certificates.Add(new CertificateName(kind, text.Value[(at + 1)..]))) problems.Say(text.Place, $"`{text.Value}` stands here twice: each is one credential's alone");
        else return new CertificateName(kind, text.Value[(at + 1)..]);
        return null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"^[0-9A-Fa-f]{64}\z")]
    private static partial Regex HashForm();
}
