using System.Reflection;
using AuthzGraph.Perf.Graph;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Tests;

public sealed class BenchmarksStillHoldTests
{
    public static TheoryData<string> Benchmarks => [.. typeof(CheckBenchmark).GetMethods()
        .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void Every_benchmark_runs_and_gets_the_answer_it_times(string name)
    {
        var benchmark = new CheckBenchmark { Documents = 20, Questions = 16 };
        benchmark.Setup();
        try
        {
            MethodInfo method = typeof(CheckBenchmark).GetMethod(name) ?? throw new MissingMethodException(name);
            Assert.NotNull(method.Invoke(benchmark, null));
        }
        finally
        {
            benchmark.Cleanup();
        }
    }
}
