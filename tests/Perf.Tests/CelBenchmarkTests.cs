using System.Reflection;
using AuthzGraph.Perf.Schema;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Tests;

public sealed class CelBenchmarkTests
{
    public static TheoryData<string> Benchmarks => [.. typeof(CelBenchmark).GetMethods()
        .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void Every_benchmark_of_CEL_gets_the_answer_it_times(string name)
    {
        CelBenchmark benchmark = new();
        benchmark.Setup();
        MethodInfo method = typeof(CelBenchmark).GetMethod(name) ?? throw new MissingMethodException(name);
        Assert.NotNull(method.Invoke(benchmark, null));
    }
}
