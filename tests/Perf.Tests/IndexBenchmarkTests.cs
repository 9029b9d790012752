using System.Reflection;
using AuthzGraph.Perf.Graph;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Tests;

public sealed class IndexBenchmarkTests
{
    [Fact]
    public void Every_step_of_the_index_runs_and_finds_what_it_times()
    {
        var benchmark = new IndexBenchmark { Tuples = 5_000, ChainBytes = 1 << 20 };
        benchmark.Setup();
        foreach (MethodInfo method in typeof(IndexBenchmark).GetMethods().Where(m => m.GetCustomAttribute<BenchmarkAttribute>() is not null))
            Assert.NotNull(method.Invoke(benchmark, null));
        benchmark.Cleanup();
    }
}
