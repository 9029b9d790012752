using System.CommandLine;
using System.Globalization;
using AuthzGraph.Model;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Cli.Commands.Delegating;

/// <summary>When something ends: at a time, or after a while.</summary>
internal sealed class TermOptions
{
    private const double MostSeconds = 10_000d * 365 * 86_400;

    private readonly UntilOption _until = new();
    private readonly Option<string?> _lasting = new("--for") { Description = "How long it lasts: 90s, 10m, 2h, 1d.", HelpName = "DURATION" };

    public void AddTo(Command command)
    {
        _until.AddTo(command);
        command.Add(_lasting);
    }

    public Timestamp? Until(ParseResult parsed) => _until.Read(parsed);

    public Duration? Lasting(ParseResult parsed) => parsed.GetValue(_lasting) is { } text ? Parse(text) : null;

    private static Duration Parse(string text)
    {
        double? unit = text.Length < 2 ? null : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => null };
        bool isOne = int.TryParse(text.AsSpan(0, Math.Max(text.Length - 1, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        return unit is { } seconds && isOne && count * seconds <= MostSeconds
            ? Duration.FromTimeSpan(TimeSpan.FromSeconds(count * seconds))
            : throw new CommandException($"`{text}` is no duration: write digits and one of s m h d");
    }
}

/// <summary>When something ends, if it ends by itself.</summary>
internal sealed class UntilOption
{
    private readonly Option<string?> _until = new("--until") { Description = "When it ends: 2026-12-31T00:00:00Z.", HelpName = "TIME" };

    public void AddTo(Command command) => command.Add(_until);

    public Timestamp? Read(ParseResult parsed) => parsed.GetValue(_until) is not { } text ? null
        : Instant.TryParse(text, Rounding.Down, out Instant instant) ? Timestamp.FromDateTimeOffset(instant.ToDateTimeOffset())
        : throw new CommandException($"`{text}` is no time: write 2026-12-31T00:00:00Z");
}
