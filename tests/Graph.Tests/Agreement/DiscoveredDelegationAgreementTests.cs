using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>An agent with several hops that would all do, since the other generators seldom give it two.</summary>
public sealed class DiscoveredDelegationAgreementTests(ITestOutputHelper output)
{
    private const string Schema = """
        use expiration
        use delegation
        definition user { principal human }
        definition agent { principal agent; relation sponsor: user }
        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation view: document
        }
        definition document { relation viewer: user; permission view = viewer; delegable view }
        """;

    private const int Hours = 8;

    private static readonly string WithCaveats = Schema
        .Replace("use delegation", "use delegation\ncaveat wanted(x int) { x > 0 }\ncaveat calm(y int) { y > 0 }", StringComparison.Ordinal)
        .Replace("agent with expiration", "agent with expiration | agent with wanted and expiration | agent with calm and expiration", StringComparison.Ordinal)
        .Replace("view: document", "view: document | document with calm", StringComparison.Ordinal);

    private const string Tuples = """
        document:d#viewer@user:ann
        agent:a#sponsor@user:ann
        agent:m#sponsor@user:ann
        """;

    [Fact]
    public async Task Discovery_takes_the_hop_that_lasts_longest_then_the_shortest_chain_then_the_first_by_name()
    {
        int differing = 0;
        for (int seed = 1; seed <= 60; seed++)
        {
            Random random = new(seed);
            string[] leaves = [.. Enumerable.Range(1, random.Next(2, 6)).Select(i => $"grant:g{random.Next(100)}-{i}")];
            string hops = string.Join('\n', leaves.Select(leaf => Hop(random, leaf)));
            await using Scenario graph = await Scenario.Of(Schema, $"{Tuples}\n{hops}", new ManualTime("2026-01-01T00:00:00Z"));

            (Instant Until, int Hops, string Leaf)[] permits = [.. leaves.Select(leaf => Ask(graph, Scenario.By(leaf)))
                .OrderByDescending(p => p.Until).ThenBy(p => p.Hops).ThenBy(p => p.Leaf, StringComparer.Ordinal)];
            (Instant Until, int Hops, string Leaf) found = Ask(graph, Scenario.For("user:ann"));

            Assert.True(permits[0] == found, $"seed {seed}: {found} was taken, {permits[0]} is better\n{hops}");
            if (permits[0].Until != permits[^1].Until) differing++;
        }
        output.WriteLine($"{differing} of 60 differ in how long they last");
        Assert.True(differing > 20);
    }

    [Fact]
    public async Task What_is_discovered_stays_as_it_is_until_it_says()
    {
        int seed = Seed.Asked ?? 1, conditional = 0;
        for (int last = seed + (Cases.IsLongRun ? 1_200 : 60); seed < last; seed++)
        {
            Random random = new(seed);
            string hops = string.Join('\n', Enumerable.Range(1, random.Next(2, 5)).Select(i => Conditional(random, $"grant:g{i}")));
            await using Scenario graph = await Scenario.Of(WithCaveats, $"{Tuples}\n{hops}", new ManualTime("2026-01-01T00:00:00Z"));
            foreach (string? context in new[] { null, """{"x": 1}""", """{"y": 0}""" })
            {
                (Instant At, Answer Answer)[] answers = [.. Enumerable.Range(0, Hours).Select(hour => Hour(hour)).Select(at => (Scenario.Time(at), graph.AskWith("document:d#view@agent:a", context, Scenario.For("user:ann"), at)))];
                foreach ((Instant at, Answer answer) in answers)
                {
                    if (answer.Outcome == Outcome.Conditional) conditional++;
                    Assert.True(answer.ValidUntil > at);
                    foreach ((Instant later, Answer then) in answers.Where(a => a.At > at && a.At < answer.ValidUntil))
                        Assert.True(Comparison.Same(answer with { ValidUntil = default }, then with { ValidUntil = default }),
                            $"seed {seed}, with {context}: {answer} at {at} is {then} at {later}\n{hops}");
                }
            }
        }
        output.WriteLine($"{conditional} conditional answers");
        Assert.True(conditional > 100);
    }

    /// <summary>With a window of its own, and perhaps on a condition.</summary>
    private static string Conditional(Random random, string leaf)
    {
        int from = random.Next(Hours);
        string caveat = random.Pick("", "[wanted]", "[calm]", "[wanted]");
        return $"""
            {leaf}#delegator@user:ann
            {leaf}#delegate@agent:a{caveat}[from:{Hour(from)}][expiration:{Hour(from + random.Next(1, Hours))}]
            {leaf}#view@document:d{random.Pick("", "", "[calm]")}
            """;
    }

    private static string Hour(int hour) => $"2026-01-01T{hour:00}:00:00Z";

    /// <summary>From the root, or from an agent in between; few ends, so that some are equal.</summary>
    private static string Hop(Random random, string leaf)
    {
        string window = $"[from:2026-01-01T00:00:00Z][expiration:2026-01-02T0{random.Next(1, 4)}:00:00Z]";
        string lent = $"{leaf}#delegate@agent:a{window}\n{leaf}#view@document:d";
        if (random.Next(3) > 0) return $"{leaf}#delegator@user:ann\n{lent}";
        string above = $"{leaf}-above";
        return $"{above}#delegator@user:ann\n{above}#delegate@agent:m{window}\n{above}#view@document:d\n{leaf}#delegator@agent:m\n{leaf}#parent@{above}\n{lent}";
    }

    private static (Instant Until, int Hops, string Leaf) Ask(Scenario graph, Acting acting)
    {
        Evidence evidence = new();
        Answer answer = graph.Ask("document:d#view@agent:a", acting, "2026-01-01T12:00:00Z", evidence);
        Assert.True(answer.IsPermitted, answer.Code.ToText());
        return (answer.ValidUntil, evidence.Chain.Count, evidence.Chain[^1].Hop.ToString());
    }
}
