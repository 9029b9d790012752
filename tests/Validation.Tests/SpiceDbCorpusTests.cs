using Xunit.Abstractions;

namespace AuthzGraph.Validation.Tests;

public sealed class SpiceDbCorpusTests(ITestOutputHelper output)
{
    [CorpusFact("spicedb/validation")]
    public Task SpiceDb_validation_files_come_out_as_in_SpiceDB() => RunAll("spicedb/validation", atLeastTests: 50);

    [CorpusFact("spicedb/examples")]
    public Task SpiceDb_examples_come_out_as_in_SpiceDB() => RunAll("spicedb/examples", atLeastTests: 20);

    private async Task RunAll(string corpus, int atLeastTests)
    {
        CorpusRun run = new(output, CorpusRun.NoDeliberateDifferences);
        foreach (string file in Corpora.Files(corpus, "*.yaml")) await run.RunAsync(file, await File.ReadAllTextAsync(file));
        run.Finish(atLeastTests);
    }
}
