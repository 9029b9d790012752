using AuthzGraph.Graph;
using AuthzGraph.Perf;
using AuthzGraph.Perf.Graph;
using AuthzGraph.Perf.Graph.Checks;
using AuthzGraph.Perf.Serving;
using AuthzGraph.Perf.Storage;
using BenchmarkDotNet.Running;

// what is measured over seconds, by many clients or on a disk, is a command of its own; everything else is BenchmarkDotNet's
if (args is ["durable-writes" or "recovery" or "bulk-load" or "longest-writes" or "watch-decisions" or "throughput" or "churn", ..])
{
    string parent = args.ElementAtOrDefault(1) is { } given && !given.StartsWith('-') ? given : Path.GetTempPath();
    DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(parent, $"authzgraph-perf-{Environment.ProcessId}"));
    try
    {
        if (args[0] == "recovery")
            foreach (Recovery.Line line in await Recovery.RunAsync(folder.FullName, tuples: 10_000_000, records: 1_000_000)) Console.WriteLine(line);
        else if (args[0] == "watch-decisions")
            Console.WriteLine(await WatchDecisionTimes.RunAsync(new StorageLocation.Directory(folder.FullName), subscribers: 1_000, writesPerSecond: 100, TimeSpan.FromSeconds(20)));
        else if (args[0] == "throughput")
            await foreach (CheckThroughput.Line line in CheckThroughput.RunAsync(folder.FullName, tuples: 1_000_000, writesPerSecond: 10_000, TimeSpan.FromSeconds(5))) Console.WriteLine(line);
        else if (args[0] == "churn")
        {
            Churn.Effort effort = args.Contains("--brief") ? Churn.Effort.Brief : Churn.Effort.Full(TimeSpan.FromMinutes(int.Parse(Option("--minutes", "60"), System.Globalization.CultureInfo.InvariantCulture)));
            await foreach (Churn.Line line in Churn.RunAsync(folder.FullName, effort)) Console.WriteLine(line);
        }
        else if (args[0] == "bulk-load")
            foreach (Recovery.Line line in await BulkLoad.RunAsync(folder.FullName, tuples: 2_000_000)) Console.WriteLine(line);
        else if (args[0] == "longest-writes")
            await foreach (LongestWrites.Line line in LongestWrites.RunAsync(folder.FullName, TimeSpan.FromSeconds(8))) Console.WriteLine(line);
        else
            foreach (DurableWrites.Line line in await DurableWrites.RunAsync(folder.FullName, TimeSpan.FromSeconds(5))) Console.WriteLine(line);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
    return;
}
if (args is ["checks", ..])
{
    int tuples = int.Parse(Option("--tuples", "1000000"), System.Globalization.CultureInfo.InvariantCulture);
    var age = TimeSpan.FromHours(int.Parse(Option("--age-hours", "72"), System.Globalization.CultureInfo.InvariantCulture));
    await foreach (string line in CheckTimes.RunAsync(tuples, Option("--only", ""), age)) Console.WriteLine(line);
    return;
}
if (args is ["workloads", ..])
{
    await foreach (Workloads.Line line in Workloads.RunAsync(args.ElementAtOrDefault(1) ?? Path.Combine("..", "shared", "corpora", "workloads"), TimeSpan.FromSeconds(1))) Console.WriteLine(line);
    return;
}
if (args is ["schema-changes", ..])
{
    int tuples = int.Parse(Option("--tuples", "10000000"), System.Globalization.CultureInfo.InvariantCulture);
    await foreach (SchemaChanges.Line line in SchemaChanges.RunAsync(tuples, TimeSpan.FromSeconds(5))) Console.WriteLine(line);
    return;
}
if (args is [ServingHost.Argument, var credentials, var storage])
{
    await ServingHost.RunAsync(credentials, storage);
    return;
}
if (args is ["serving", ..])
{
    DirectoryInfo folder = Directory.CreateTempSubdirectory("authzgraph-serving-");
    try
    {
        Console.WriteLine(Surroundings.Of($"serving {string.Join(' ', args[1..])}"));
        await foreach (string line in new ServingTimes(folder.FullName, ServingEffort.Full).RunAsync(args.ElementAtOrDefault(1) ?? ServingTimes.All)) Console.WriteLine(line);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
    return;
}
BenchmarkSwitcher.FromAssembly(typeof(CheckBenchmark).Assembly).Run(args);

string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and int i && i + 1 < args.Length ? args[i + 1] : otherwise;
