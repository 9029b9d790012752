using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Stores;

namespace AuthzGraph.Server.Configuration;

/// <summary>Some settings that belong together.</summary>
/// <param name="Title">Above them in help and documentation.</param>
public sealed record SettingGroup(string Title, IReadOnlyList<Setting> Settings);

/// <summary>
/// The one table of settings. The file, the environment, the command line, help and docs/configuration.md say what is here.
/// </summary>
public static class Settings
{
    public static IReadOnlyList<SettingGroup> Groups { get; } =
    [
        new("Stores", Store),
        new("Where it listens", Listening),
        new("Who is let in", SecuritySettings.All),
        new("Log lines", Logging),
        new("Traces and metrics", TelemetrySettings.All),
        new("History", LimitSettings.History),
        new("Limits: reaching one is an error that names it", LimitSettings.All),
    ];

    public static IReadOnlyList<Setting> All { get; } = [.. Groups.SelectMany(g => g.Settings)];

    private static Setting[] Store =>
    [
        Setting.Of("data", SettingTypes.Path, "The folder of the store; made when it is not there.", c => c.Data, (c, v) => c with { Data = v }),
        Setting.Of("memory", SettingTypes.OnOff, "Keep nothing: the store is gone when the server stops.", c => c.InMemory, (c, v) => c with { InMemory = v }),
        Setting.Of("load", SettingTypes.Path, "A folder whose schema.authz and relationships.txt a store without a schema starts from.",
            c => c.Server.LoadFolder, (c, v) => c with { Server = c.Server with { LoadFolder = v } }),
        Of("stores.open", SettingTypes.Word(Openings), "When stores other than the default one are opened.", s => s.Opening, (s, v) => s with { Opening = v }),
        Of("testing", SettingTypes.OnOff, "Give every bearer token an empty store of its own, in memory: for test suites.",
            s => s.IsTesting, (s, v) => s with { IsTesting = v }),
        Of("stores.testing_idle", SettingTypes.Time(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), "The store of a token goes when it was not used for this long.",
            s => s.TestingIdle, (s, v) => s with { TestingIdle = v }),
    ];

    private static Setting[] Listening =>
    [
        Setting.Of("port", SettingTypes.Port, "The port of gRPC.", c => c.Server.GrpcPort, (c, v) => c with { Server = c.Server with { GrpcPort = v } }),
        Setting.Of("http_port", SettingTypes.Port, "The port of JSON over HTTP.", c => c.Server.HttpPort, (c, v) => c with { Server = c.Server with { HttpPort = v } }),
        Setting.Of("public_url", SettingTypes.SecureUrl, "Where enforcement points reach the server, for AuthZEN's metadata.",
            c => c.Server.PublicUrl, (c, v) => c with { Server = c.Server with { PublicUrl = v } }),
    ];

    private static Setting[] Logging =>
    [
        Setting.Of("log.level", SettingTypes.Word(LogLevels), "The least that is logged.", c => c.LogLevel, (c, v) => c with { LogLevel = v }),
        Setting.Of("log.format", SettingTypes.Word(LogFormats), "Lines for people, or one JSON object on each line; on standard error.",
            c => c.LogFormat, (c, v) => c with { LogFormat = v }),
        Setting.Of("log.slow_call", SettingTypes.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)), "A unary call that takes longer has a line in the log.",
            c => c.Server.Telemetry.SlowCall, (c, v) => c with { Server = c.Server with { Telemetry = c.Server.Telemetry with { SlowCall = v } } }),
    ];

    private static (string, StoreOpening)[] Openings => [("when_asked", StoreOpening.WhenAsked), ("at_start", StoreOpening.AtStart)];

    private static Setting Of<T>(string name, SettingType<T> type, string description, Func<StoreOptions, T> get, Func<StoreOptions, T, StoreOptions> set) =>
        Setting.Of(name, type, description, c => get(c.Server.Stores), (c, v) => c with { Server = c.Server with { Stores = set(c.Server.Stores, v) } });

    private static (string, LogLevel)[] LogLevels =>
    [
        ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error), ("none", LogLevel.None),
    ];

    private static (string, LogFormat)[] LogFormats => [("text", LogFormat.Text), ("json", LogFormat.Json)];
}
