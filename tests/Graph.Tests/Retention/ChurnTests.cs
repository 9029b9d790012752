using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Retention;

public sealed class ChurnTests(ITestOutputHelper output)
{
    private const string Schema = """
        use expiration
        caveat for_ticket(ticket string, wanted string) { ticket == wanted }
        definition agent {}
        definition document { relation viewer: agent with expiration | agent with for_ticket and expiration; permission view = viewer }
        """;

    private const int GrantsAnHour = 200;

    [Fact]
    public async Task Weeks_of_short_grants_under_new_names_leave_memory_as_it_is()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "", time);
        var start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");
        (MemoryUse early, MemoryUse late) = (default, default);
        const int Hours = 24 * 14;
        for (int hour = 0; hour < Hours; hour++)
        {
            DateTimeOffset now = start.AddHours(hour);
            time.Set($"{now:O}");
            await graph.Touch(string.Join('\n', Enumerable.Range(0, GrantsAnHour).Select(i =>
                $"document:report-{hour}-{i}#viewer@agent:run-{hour}-{i}{(i % 4 == 0 ? $"[for_ticket:{{\"wanted\":\"{hour}-{i}\"}}]" : "")}[expiration:{now.AddMinutes(20):yyyy-MM-ddTHH:mm:ssZ}]")));
            await graph.Graph.ReclaimAsync();
            if (hour == 24 * 5) early = graph.Graph.Memory;
        }
        late = graph.Graph.Memory;
        output.WriteLine($"after 5 days {early}, after 14 days {late}");
        Assert.True(late.Reserved <= early.Reserved, "the index grew although nothing more is alive");
        Assert.InRange(late.Edges + late.Texts, 0, (early.Edges + early.Texts) * 11 / 10);
        Assert.True(graph.Allows($"document:report-{Hours - 1}-1#view@agent:run-{Hours - 1}-1"));
        Assert.False(graph.Allows($"document:report-{Hours - 2}-1#view@agent:run-{Hours - 2}-1"));
    }
}
