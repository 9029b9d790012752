namespace AuthzGraph.Server.Configuration;

/// <summary>What an operator gave the server to read, beside the file.</summary>
public sealed record ConfigurationSources
{
    /// <summary>The file's name unless another is given; it is read where the server is started, if it is there.</summary>
    public const string UsualFile = "authzgraph.yaml";

    /// <summary>Names the file in the environment.</summary>
    public const string FileVariable = Setting.Prefix + "CONFIG";

    /// <summary>Names the file on the command line.</summary>
    public const string FileFlag = "--config";

    /// <summary>Asks for the effective settings instead of a server.</summary>
    public const string CheckFlag = "--check-config";

    /// <summary>The file of <c>--config</c>; null: not given.</summary>
    public string? File { get; init; }

    /// <summary>Flags, as <see cref="Setting.Flag"/> writes them, with their values.</summary>
    public IReadOnlyList<(string Flag, string Value)> Flags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOfProcess() => System.Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(e => e.Key.ToString() ?? "", e => e.Value?.ToString() ?? "", StringComparer.Ordinal);
}
