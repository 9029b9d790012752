using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(AuthzGraph.Perf.Graph.CheckBenchmark).Assembly).Run(args);
