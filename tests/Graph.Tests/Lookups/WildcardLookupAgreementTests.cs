using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>Everybody with exceptions, since the other generators seldom open a permission to everybody and then take somebody out.</summary>
public sealed class WildcardLookupAgreementTests
{
    private const string Schema = """
        definition user {}
        definition group { relation member: user }
        definition document {
            relation viewer: user | user:*
            relation editor: user
            relation banned: user | group#member
            permission view = (viewer - banned) + editor
        }
        """;

    [Fact]
    public async Task Everybody_is_found_without_those_whom_a_check_denies()
    {
        int excluded = 0;
        for (int seed = 1; seed <= 40; seed++)
        {
            Random random = new(seed);
            string[] users = [.. Enumerable.Range(1, 6).Select(i => $"user:u{i}")];
            string[] tuples =
            [
                "document:d#viewer@user:*",
                .. random.Some(users, 0, 3).Select(user => $"document:d#banned@{user}"),
                .. random.Some(users, 0, 3).Select(user => $"group:g#member@{user}"),
                .. random.Some(users, 0, 2).Select(user => $"document:d#editor@{user}"),
                .. random.Next(2) == 0 ? ["document:d#banned@group:g#member"] : Array.Empty<string>(),
            ];
            await using Scenario graph = await Scenario.Of(Schema, string.Join('\n', tuples));
            SubjectLookupRequest request = new() { Resource = ObjectRef.Parse("document:d"), Permission = "view", SubjectType = "user" };
            IReadOnlyList<FoundSubject> found = Pages.Of(graph.Graph.Snapshot(), request, pageSize: null).Results;
            foreach (string user in users.Append("user:stranger"))
            {
                string id = user["user:".Length..];
                bool isFound = found.Any(f => f.Id == id) || found.Any(f => f.Id == Names.Wildcard && !f.Excluded.Contains(id));
                Assert.True(graph.Allows($"document:d#view@{user}") == isFound, $"seed {seed}, {user}\n{string.Join('\n', tuples)}");
                if (!isFound) excluded++;
            }
        }
        Assert.True(excluded > 20, $"only {excluded} were excluded");
    }
}
