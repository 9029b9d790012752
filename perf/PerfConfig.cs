using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace AuthzGraph.Perf;

/// <summary>How every benchmark here is run: in this process, briefly, so that all of them together take a few minutes.</summary>
public sealed class PerfConfig : ManualConfig
{
    public PerfConfig() => AddJob(Job.Default
        .WithToolchain(InProcessEmitToolchain.Instance)
        .WithWarmupCount(3)
        .WithIterationCount(10));
}
