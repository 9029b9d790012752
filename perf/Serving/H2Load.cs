using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthzGraph.Perf.Serving;

/// <summary>What h2load saw.</summary>
/// <param name="Median">Of a call, in microseconds; 0 when latencies weren't asked for.</param>
internal readonly record struct LoadReport(int Calls, double PerSecond, double Median, double Percentile99);

/// <summary>
/// A call that h2load makes again and again; nghttp2's load generator takes a third of the CPU of the server it drives. It sees nothing of an answer but its HTTP status
/// and how many bytes it has, so those are held against the answer that a client of ours got and checked: a denial, an error or a missing answer has others.
/// </summary>
/// <param name="AnswerBytes">How many bytes each answer has: its instant is written shorter or longer.</param>
internal sealed record LoadedCall(string Name, Uri Address, byte[] Body, string ContentType, string Key, (long Least, long Most) AnswerBytes)
{
    public bool IsHttp2 => ContentType == "application/grpc";
}

internal static partial class H2Load
{
    private const string Program = "h2load";

    /// <summary>Whether there is one (Debian: nghttp2-client).</summary>
    public static bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, Program)));

    /// <param name="streams">How many calls each connection has under way.</param>
    /// <param name="tellsLatency">Whether each call's time is kept, which costs the generator CPU.</param>
    /// <exception cref="InvalidOperationException">A call failed, or was answered with something else.</exception>
    public static async Task<LoadReport> RunAsync(string folder, LoadedCall call, int calls, int connections, int streams, bool tellsLatency = false)
    {
        string body = Path.Combine(folder, "body"), log = Path.Combine(folder, "latencies");
        await File.WriteAllBytesAsync(body, call.Body);
        string[] arguments =
        [
            "-t", "1", "-n", Text(calls), "-c", Text(connections), "-m", Text(streams), "-d", body, .. call.IsHttp2 ? Array.Empty<string>() : ["--h1"],
            "-H", $"content-type: {call.ContentType}", "-H", "te: trailers", "-H", $"authorization: Bearer {call.Key}",
            .. tellsLatency ? ["--log-file", log] : Array.Empty<string>(), call.Address.ToString(),
        ];
        string printed = await PrintedAsync(arguments);
        Expect(printed, call, calls);
        double perSecond = Number(Rate().Match(printed));
        if (!tellsLatency) return new LoadReport(calls, perSecond, 0, 0);
        double[] latencies = [.. File.ReadLines(log).Select(line => double.Parse(line[(line.LastIndexOf('\t') + 1)..], CultureInfo.InvariantCulture)).Order()];
        File.Delete(log);
        return new LoadReport(calls, perSecond, latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)]);
    }

    private static void Expect(string printed, LoadedCall call, int calls)
    {
        bool succeeded = printed.Contains($"{calls} succeeded, 0 failed, 0 errored, 0 timeout", StringComparison.Ordinal) && printed.Contains($"{calls} 2xx", StringComparison.Ordinal);
        double bytes = Number(Data().Match(printed)) / calls;
        if (!succeeded || bytes < call.AnswerBytes.Least || bytes > call.AnswerBytes.Most)
            throw new InvalidOperationException($"{call.Name}: not {calls} answers of {call.AnswerBytes.Least} to {call.AnswerBytes.Most} bytes each\n{printed}");
    }

    private static async Task<string> PrintedAsync(string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException("no process");
        string printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? printed : throw new InvalidOperationException(printed);
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([0-9.]+) req/s")]
    private static partial Regex Rate();

    [GeneratedRegex(@"\(([0-9]+)\) data")]
    private static partial Regex Data();
}
