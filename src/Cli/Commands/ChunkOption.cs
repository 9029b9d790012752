using System.CommandLine;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>--chunk</c> of what is written a part at a time.</summary>
internal static class ChunkOption
{
    public static Option<uint> Of(uint relationships)
    {
        Option<uint> chunk = new("--chunk") { Description = "How many relationships are committed together.", HelpName = "N", DefaultValueFactory = _ => relationships };
        chunk.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<uint>() == 0) given.AddError("--chunk is at least 1");
        });
        return chunk;
    }
}
