namespace AuthzGraph.Server.Tests;

/// <summary>
/// When a server dies: at a time of the test's choice, or before one of its threads makes its n-th system call of a kind. There strace holds it, and
/// <see cref="HeldThreads"/> has it killed. (To send the signal itself strace would have to stop every system call that is made.)
/// </summary>
/// <param name="Call">The system call; null for a time.</param>
/// <param name="Latest">The greatest n.</param>
internal sealed record KillPoint(string Name, string? Call = null, int Latest = 0)
{
    /// <summary>What holds it.</summary>
    public const string Tracer = "strace";

    private static readonly TimeSpan Held = TimeSpan.FromMinutes(1);

    public bool KillsByItself => Call is not null;

    /// <summary>All of them where strace can be run, else only the random one, which is said.</summary>
    public static KillPoint[] Available()
    {
        KillPoint random = new("a random time");
        return !HasStrace() ? [random] :
        [
            random,
            new("a write to a file", "pwrite64", 30),
            new("a sync of a file", "fdatasync", 30),
            new("an answer to a client", "sendto", 15),
        ];
    }

    /// <summary>The program, with its arguments, to run the server under.</summary>
    public string[] Wrapper(Random random) => Call is null ? [] :
        [Tracer, "--seccomp-bpf", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={Call}",
            "-e", $"inject={Call}:delay_enter={Held.TotalMicroseconds}:when={random.Next(1, Latest + 1)}"];

    private static bool HasStrace() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, Tracer)));
}
