using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>The tuples of a revision that have not ended at an instant, and who may view what by them: slow and obvious.</summary>
internal sealed class Standing(IReadOnlyDictionary<string, Chronicle.Held> tuples, Instant now)
{
    private readonly Dictionary<string, Chronicle.Held> _held = tuples.Where(t => t.Value.Ends > now).ToDictionary(t => t.Key, t => t.Value);

    public string[] Lines => [.. _held.Select(t => t.Key + t.Value.Text).Order(StringComparer.Ordinal)];

    /// <summary>Documents that have a viewer, and users who are named anywhere.</summary>
    public string[] Documents => [.. _held.Keys.Where(k => k.Contains("#viewer@", StringComparison.Ordinal) && k.StartsWith("document:", StringComparison.Ordinal)).Select(k => k[..k.IndexOf('#')]).Distinct()];
    public string[] Users => [.. _held.Keys.Select(k => k[(k.IndexOf('@') + 1)..]).Where(s => s.StartsWith("user:", StringComparison.Ordinal) && s != "user:*").Distinct()];

    public bool Permits(string document, string user) => Holds($"{document}#viewer@user:*") || IsNamed(document, user);

    /// <summary>As a lookup tells them: each who is named, and <c>*</c> for everybody.</summary>
    public string[] SubjectsOf(string document) =>
        [.. Users.Where(user => IsNamed(document, user)).Concat(Holds($"{document}#viewer@user:*") ? ["user:*"] : []).Order(StringComparer.Ordinal)];

    public string[] ResourcesOf(string user) => [.. Documents.Where(document => Permits(document, user)).Order(StringComparer.Ordinal)];

    private bool IsNamed(string document, string user) =>
        Holds($"{document}#viewer@{user}") || _held.Keys.Any(k => k.StartsWith("group:", StringComparison.Ordinal) && k.EndsWith($"#member@{user}", StringComparison.Ordinal)
            && Holds($"{document}#viewer@{k[..k.IndexOf('@')]}"));

    private bool Holds(string key) => _held.TryGetValue(key, out Chronicle.Held? held) && held.Permits;
}
