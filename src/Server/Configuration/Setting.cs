namespace AuthzGraph.Server.Configuration;

/// <summary>
/// One thing an operator may choose. Its name says all others: <c>limits.check_depth</c> is the key <c>check_depth</c> of the section
/// <c>limits</c> in the file, <c>AUTHZGRAPH_LIMITS_CHECK_DEPTH</c> in the environment, and <c>--limits-check-depth</c> on the command line.
/// </summary>
public sealed record Setting
{
    /// <summary>What the names in the environment begin with.</summary>
    public const string Prefix = "AUTHZGRAPH_";

    private readonly Func<ServerConfiguration, string> _show;
    private readonly Func<ServerConfiguration, string, ServerConfiguration?> _read;

    private Setting(string name, string description, Func<ServerConfiguration, string> show, Func<ServerConfiguration, string, ServerConfiguration?> read) =>
        (Name, Description, _show, _read) = (name, description, show, read);

    public string Name { get; }

    /// <summary>A sentence for help and documentation.</summary>
    public string Description { get; }

    /// <summary>What stands for the value in help; empty when it is on or off.</summary>
    public string Placeholder { get; private init; } = "";

    public bool IsOnOff => Placeholder.Length == 0;

    /// <summary>The section of the file it belongs to; empty: the top.</summary>
    public string Section => Name.Contains('.') ? Name[..Name.IndexOf('.', StringComparison.Ordinal)] : "";

    public string Flag => "--" + Name.Replace('.', '-').Replace('_', '-');

    public string Variable => Prefix + Name.Replace('.', '_').ToUpperInvariant();

    /// <summary>The value when nobody chooses, as it is written; empty: none.</summary>
    public string Default => _show(ServerConfiguration.Default);

    internal string Expected { get; private init; } = "";

    internal bool IsPath { get; private init; }

    internal static Setting Of<T>(
        string name, SettingType<T> type, string description, Func<ServerConfiguration, T> get, Func<ServerConfiguration, T, ServerConfiguration> set) =>
        new(name, description, from => type.Show(get(from)), (to, text) => type.TryRead(text, out T? value) ? set(to, value) : null)
        {
            Placeholder = type.Placeholder,
            Expected = type.Expected,
            IsPath = type.IsPath,
        };

    /// <summary>The value as it is written; empty: none.</summary>
    internal string Show(ServerConfiguration configuration) => _show(configuration);

    /// <summary>The configuration with this value; null when the text is none.</summary>
    internal ServerConfiguration? Read(ServerConfiguration configuration, string text) => _read(configuration, text);
}
