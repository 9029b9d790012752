using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace AuthzGraph.Perf.Tests;

/// <summary>
/// Runs every benchmark once, as small as its class's <c>Tiny()</c> makes it, so that they keep compiling and keep getting the answers
/// they time.
/// </summary>
public sealed class BenchmarksStillHoldTests
{
    private static readonly Type[] Classes = [.. typeof(PerfConfig).Assembly.GetTypes().Where(type => Benchmarks(type).Any()).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static TheoryData<string> Names => [.. Classes.SelectMany(type => Benchmarks(type).Select(method => $"{type.Name}.{method.Name}"))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_benchmark_runs_and_gets_the_answer_it_times(string name)
    {
        Type type = Classes.Single(type => name.StartsWith(type.Name + ".", StringComparison.Ordinal));
        object benchmark = Tiny(type);
        await Call<GlobalSetupAttribute>(benchmark);
        try
        {
            await Call<IterationSetupAttribute>(benchmark);
            await Done(Benchmarks(type).Single(method => name == $"{type.Name}.{method.Name}").Invoke(benchmark, null));
            await Call<IterationCleanupAttribute>(benchmark);
        }
        finally
        {
            await Call<GlobalCleanupAttribute>(benchmark);
        }
    }

    [Fact]
    public void Every_class_of_benchmarks_runs_in_this_process_and_briefly() =>
        Assert.All(Classes, type => Assert.Equal(typeof(PerfConfig), type.GetCustomAttribute<ConfigAttribute>()?.Config.GetType()));

    private static object Tiny(Type type) =>
        type.GetMethod("Tiny", BindingFlags.Public | BindingFlags.Static)?.Invoke(null, null) ?? throw new MissingMethodException($"{type.Name} needs a public static Tiny()");

    private static IEnumerable<MethodInfo> Benchmarks(Type type) => Marked<BenchmarkAttribute>(type);

    private static async Task Call<T>(object benchmark) where T : Attribute
    {
        foreach (MethodInfo method in Marked<T>(benchmark.GetType())) await Done(method.Invoke(benchmark, null));
    }

    private static IEnumerable<MethodInfo> Marked<T>(Type type) where T : Attribute =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.GetCustomAttribute<T>() is not null);

    private static Task Done(object? result) => result as Task ?? Task.CompletedTask;
}
