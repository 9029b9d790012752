using AuthzGraph.Perf.Schema;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AuthzGraph.Perf;

/// <summary>MiB of a benchmark's schema in a second, by the mean time.</summary>
public sealed class ThroughputColumn : IColumn
{
    private const double NanosecondsPerSecond = 1e9, BytesPerMebibyte = 1024 * 1024;

    public string Id => nameof(ThroughputColumn);
    public string ColumnName => "MiB/s";
    public string Legend => "MiB of schema text in a second";
    public bool AlwaysShow => true;
    public ColumnCategory Category => ColumnCategory.Custom;
    public int PriorityInCategory => 0;
    public bool IsNumeric => true;
    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        benchmarkCase.Parameters[nameof(CompileBenchmark.Schema)] is SchemaSource schema && summary[benchmarkCase]?.ResultStatistics is { Mean: var mean }
            ? $"{schema.Bytes / BytesPerMebibyte / (mean / NanosecondsPerSecond):N1}"
            : "-";
}

/// <inheritdoc cref="ThroughputColumn"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ThroughputColumnAttribute() : ColumnConfigBaseAttribute(new ThroughputColumn());
