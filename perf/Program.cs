using AuthzGraph.Perf.Graph;
using AuthzGraph.Perf.Storage;
using BenchmarkDotNet.Running;

// what is measured over seconds, by many clients or on a disk, is a command of its own; everything else is BenchmarkDotNet's
if (args is ["durable-writes", ..])
{
    DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(args.ElementAtOrDefault(1) ?? Path.GetTempPath(), $"authzgraph-perf-{Environment.ProcessId}"));
    try
    {
        foreach (DurableWrites.Line line in await DurableWrites.RunAsync(folder.FullName, TimeSpan.FromSeconds(5))) Console.WriteLine(line);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
    return;
}
BenchmarkSwitcher.FromAssembly(typeof(CheckBenchmark).Assembly).Run(args);
