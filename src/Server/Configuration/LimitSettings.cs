using AuthzGraph.Model;

namespace AuthzGraph.Server.Configuration;

/// <summary>The settings that are <see cref="Limits"/>.</summary>
internal static class LimitSettings
{
    private const int DeepestCheck = 1_000;     // a check goes as deep on the stack

    public static Setting[] History =>
    [
        Of("history.time", SettingTypes.Time(TimeSpan.FromSeconds(1), Limits.LongestRetention), "How far back reads, watches and explanations of denials go.",
            l => l.Retention, (l, v) => l with { Retention = v }),
        Of("history.bytes", SettingTypes.Size(1 << 20), "How much of the past is kept, however young it is.", l => l.HistoryBytes, (l, v) => l with { HistoryBytes = v }),
    ];

    public static Setting[] All =>
    [
        Count("check_depth", "How many relations and permissions deep one check goes.", l => l.CheckDepth, (l, v) => l with { CheckDepth = v }, DeepestCheck),
        Count("check_steps", "How many edges one check consults.", l => l.CheckSteps, (l, v) => l with { CheckSteps = v }),
        Count("chain_hops", "How many hops a chain has.", l => l.ChainHops, (l, v) => l with { ChainHops = v }),
        Count("chain_candidates", "How many delegations of one presenter a check that names only the root examines.",
            l => l.ChainCandidates, (l, v) => l with { ChainCandidates = v }),
        Count("ancestors", "How many objects above one object count.", l => l.Ancestors, (l, v) => l with { Ancestors = v }),
        Bytes("context_bytes", "How long the context of one question is.", l => l.ContextBytes, (l, v) => l with { ContextBytes = v }),
        Count("checks_per_batch", "How many checks one CheckBatch asks.", l => l.ChecksPerBatch, (l, v) => l with { ChecksPerBatch = v }),
        Count("expand_parts", "How many parts and subjects one expansion has.", l => l.ExpandParts, (l, v) => l with { ExpandParts = v }),
        Count("lookup_states", "How many relations and permissions of objects one lookup remembers.", l => l.LookupStates, (l, v) => l with { LookupStates = v }),
        Of("limits.lookup_steps", SettingTypes.LongCount(1), "How many edges one lookup follows.", l => l.LookupSteps, (l, v) => l with { LookupSteps = v }),
        Count("lookup_exclusions", "How many subjects a lookup excludes by name from a wildcard.", l => l.LookupExclusions, (l, v) => l with { LookupExclusions = v }),
        Count("results_per_json_lookup", "How many results a lookup answers in JSON.", l => l.ResultsPerJsonLookup, (l, v) => l with { ResultsPerJsonLookup = v }),
        Count("tuples_per_read", "How many relationships one read returns.", l => l.TuplesPerRead, (l, v) => l with { TuplesPerRead = v }),
        Count("tuples_per_json_read", "How many relationships a read answers in JSON.", l => l.TuplesPerJsonRead, (l, v) => l with { TuplesPerJsonRead = v }),
        Count("tuples_per_message", "How many relationships one message of a stream carries.", l => l.TuplesPerMessage, (l, v) => l with { TuplesPerMessage = v }),
        Count("updates_per_write", "How many relationships one write changes.", l => l.UpdatesPerWrite, (l, v) => l with { UpdatesPerWrite = v }),
        Count("preconditions_per_write", "How many preconditions one write has.", l => l.PreconditionsPerWrite, (l, v) => l with { PreconditionsPerWrite = v }),
        Bytes("metadata_bytes", "How long what a caller says about a write is.", l => l.MetadataBytes, (l, v) => l with { MetadataBytes = v }),
        Count("tuples_per_delete", "How many relationships one delete by filter takes.", l => l.TuplesPerDelete, (l, v) => l with { TuplesPerDelete = v }),
        Count("tuples_per_atomic_import", "How many relationships an import that happens wholly or not at all has.",
            l => l.TuplesPerAtomicImport, (l, v) => l with { TuplesPerAtomicImport = v }),
        Count("tuples_per_import_chunk", "How many relationships of an import in chunks are committed together.",
            l => l.TuplesPerImportChunk, (l, v) => l with { TuplesPerImportChunk = v }),
        Count("idempotency_keys", "How many idempotency keys are kept; past that the oldest are forgotten.", l => l.IdempotencyKeys, (l, v) => l with { IdempotencyKeys = v }),
        Count("watch_backlog", "How many changes are kept in memory for watchers.", l => l.WatchBacklog, (l, v) => l with { WatchBacklog = v }),
        Count("watch_catch_ups", "How many watchers that start in the past read the log at a time.", l => l.WatchCatchUps, (l, v) => l with { WatchCatchUps = v }),
        Count("watched_windows", "How many relationships with a window one watcher waits for.", l => l.WatchedWindows, (l, v) => l with { WatchedWindows = v }),
        Count("watched_decisions", "How many questions one caller has watched in one stream.", l => l.WatchedDecisions, (l, v) => l with { WatchedDecisions = v }),
        Count("waiting_decisions", "How many new answers wait for one reader who is slow.", l => l.WaitingDecisions, (l, v) => l with { WaitingDecisions = v }),
        Count("lent_per_delegation", "How many permissions one delegation is made to lend at once.", l => l.LentPerDelegation, (l, v) => l with { LentPerDelegation = v }),
        Count("remedies_per_decision", "How many ways out of a denial are told.", l => l.RemediesPerDecision, (l, v) => l with { RemediesPerDecision = v }),
        Count("steps_per_remedy", "How many steps one way out of a denial has.", l => l.StepsPerRemedy, (l, v) => l with { StepsPerRemedy = v }),
        Count("remedy_checks", "How many checks are tried to find ways out of one denial.", l => l.RemedyChecks, (l, v) => l with { RemedyChecks = v }),
        Count("remedy_tuples", "How many relationships may matter to a denial for ways out of it to be looked for.", l => l.RemedyTuples, (l, v) => l with { RemedyTuples = v }),
        Of("limits.stream_time", SettingTypes.Time(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), "How long a stream holds on to the revision it reads.",
            l => l.StreamTime, (l, v) => l with { StreamTime = v }),
        Count("stores", "How many stores the server holds.", l => l.Stores, (l, v) => l with { Stores = v }),
        Count("testing_stores", "How many stores of tokens a server that is there for tests holds.", l => l.TestingStores, (l, v) => l with { TestingStores = v }),
        Count("metric_series", "How many combinations of method, code and store metrics tell apart, and how many of store, permission, mode and code.",
            l => l.MetricSeries, (l, v) => l with { MetricSeries = v }),
        Count("metric_stores", "Of how many open stores metrics tell.", l => l.MetricStores, (l, v) => l with { MetricStores = v }),
        Bytes("schema_bytes", "How long a schema is.", l => l.SchemaBytes, (l, v) => l with { SchemaBytes = v }),
        Bytes("message_bytes", "How large one request is.", l => l.MessageBytes, (l, v) => l with { MessageBytes = v }),
    ];

    private static Setting Count(string name, string description, Func<Limits, int> get, Func<Limits, int, Limits> set, int most = int.MaxValue) =>
        Of($"limits.{name}", SettingTypes.Count(1, most), description, get, set);

    private static Setting Bytes(string name, string description, Func<Limits, int> get, Func<Limits, int, Limits> set) =>
        Of($"limits.{name}", SettingTypes.SmallSize(1), description, get, set);

    private static Setting Of<T>(string name, SettingType<T> type, string description, Func<Limits, T> get, Func<Limits, T, Limits> set) =>
        Setting.Of(name, type, description, c => get(c.Server.Limits), (c, v) => c with { Server = c.Server with { Limits = set(c.Server.Limits, v) } });
}
