using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>The schemas and tuples a <see cref="Chronicle"/> writes: tuples over names of an era, and a few that are always worn.</summary>
internal static class ChronicleKeys
{
    public static string SchemaText(bool hasFolders) => $$"""
        use expiration
        caveat at_work(on bool, place int) { on && place >= 0 }
        definition user {}
        definition group { relation member: user }
        definition document {
            relation viewer: user | user:* | user with expiration | user with at_work and expiration | user with at_work | group#member
            relation editor: user
            {{(hasFolders ? "relation owner: user" : "")}}
            permission view = viewer
        }
        {{(hasFolders ? "definition folder { relation viewer: user; permission view = viewer }" : "")}}
        """;

    public static string Any(Random random, int era, bool hasFolders)
    {
        string user = random.Next(3) == 0 ? $"user:u{random.Next(4)}" : $"user:v{Fashion.Pick(random, era)}";
        if (hasFolders && random.Next(6) == 0) return $"folder:f{Fashion.Pick(random, era)}#viewer@{user}";
        if (random.Next(6) == 0) return $"group:g{Fashion.Pick(random, era)}#member@{user}";
        string document = random.Next(8) == 0 ? "document:always" : $"document:d{Fashion.Pick(random, era)}";
        return random.Next(12) switch
        {
            0 => $"{document}#viewer@user:*",
            1 or 2 => $"{document}#editor@{user}",
            3 => $"{document}#viewer@group:g{Fashion.Pick(random, era)}#member",
            4 when hasFolders => $"{document}#owner@{user}",
            _ => $"{document}#viewer@{user}",
        };
    }

    /// <summary>What a tuple says beside its key. Contexts of caveats are few, and come and go with the eras.</summary>
    public static Chronicle.Held Content(Random random, string key, Instant now, int era)
    {
        bool mayEnd = key.StartsWith("document:", StringComparison.Ordinal) && key.Contains("#viewer@user:", StringComparison.Ordinal) && !key.EndsWith('*');
        if (!mayEnd) return new Chronicle.Held("", Instant.Never, true);
        bool on = random.Next(3) > 0;
        string caveat = random.Next(3) == 0 ? $"[at_work:{{\"on\":{(on ? "true" : "false")},\"place\":{Fashion.Pick(random, era)}}}]" : "";
        if (random.Next(2) == 0) return new Chronicle.Held(caveat, Instant.Never, caveat.Length == 0 || on);
        Instant ends = now.Plus(random.Next(1, 90) * 60_000_000L);
        return new Chronicle.Held($"{caveat}[from:2020-01-01T00:00:00Z][expiration:{ends}]", ends, caveat.Length == 0 || on);
    }
}
