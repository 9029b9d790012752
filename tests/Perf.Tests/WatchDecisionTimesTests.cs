using AuthzGraph.Graph;
using AuthzGraph.Perf.Serving;

namespace AuthzGraph.Perf.Tests;

public sealed class WatchDecisionTimesTests
{
    [Fact]
    public async Task Every_changed_answer_is_heard_by_its_subscriber()     // slowly: of two changes at once the subscriber hears what is so then
    {
        WatchDecisionTimes.Line line = await WatchDecisionTimes.RunAsync(new StorageLocation.Memory(), subscribers: 5, writesPerSecond: 10, TimeSpan.FromSeconds(2));
        Assert.Equal((5, 20), (line.Subscribers, line.Writes));
    }
}
