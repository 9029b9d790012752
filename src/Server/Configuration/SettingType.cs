using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AuthzGraph.Server.Configuration;

/// <summary>Reads a value; false when the text is none.</summary>
internal delegate bool TryReadValue<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>What the value of a setting is, and how it is written.</summary>
/// <param name="Placeholder">What stands for it in help: <c>PORT</c>; empty for a setting that is on or off.</param>
/// <param name="Expected">What is right, to follow "is no": <c>port: write 0 to 65535</c>.</param>
/// <param name="Show">Writes it as it is read.</param>
internal sealed record SettingType<T>(string Placeholder, string Expected, TryReadValue<T> TryRead, Func<T, string> Show)
{
    /// <summary>Whether it is a path: one in a file counts from the folder of the file.</summary>
    public bool IsPath { get; init; }
}

/// <summary>The types there are.</summary>
internal static class SettingTypes
{
    private static readonly (string Unit, long Size)[] Sizes = [("GiB", 1L << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1), ("", 1)];

    private static readonly (string Unit, TimeSpan Size)[] Times =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    public static SettingType<bool> OnOff { get; } = new("", "answer: write true or false", TryReadOnOff, value => value ? "true" : "false");

    public static SettingType<string?> Path { get; } = new("PATH", "path: write one, or leave the setting out", TryReadText, value => value ?? "") { IsPath = true };

    public static SettingType<int> Port { get; } = Count(0, ushort.MaxValue) with { Placeholder = "PORT", Expected = "port: write 0 to 65535, 0 for any that is free" };

    public static SettingType<string> Address { get; } = new(
        "ADDRESS", "address: write 127.0.0.1, 0.0.0.0, :: or another of this machine", TryReadAddress, value => value);

    public static SettingType<Uri?> SecureUrl { get; } = new(
        "URL", "https URL without query and fragment", TryReadSecureUrl, value => value?.AbsoluteUri ?? "");

    public static SettingType<Uri?> Url { get; } = new(
        "URL", "http or https URL", (string text, out Uri? value) => Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https",
        value => value?.AbsoluteUri ?? "");

    /// <summary>A whole number within bounds; <c>10_000</c> is one too.</summary>
    public static SettingType<int> Count(int least, int most = int.MaxValue) => new(
        "N", string.Create(CultureInfo.InvariantCulture, $"whole number from {least} to {most}"),
        (string text, out int value) => int.TryParse(Digits(text), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most,
        value => value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Count"/>
    public static SettingType<long> LongCount(long least) => new(
        "N", string.Create(CultureInfo.InvariantCulture, $"whole number from {least} on"),
        (string text, out long value) => long.TryParse(Digits(text), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least,
        value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Bytes: <c>8MiB</c>.</summary>
    public static SettingType<long> Size(long least, long most = long.MaxValue) => new(
        "SIZE", $"size from {ShowSize(least)} to {ShowSize(most)}, such as 512KiB, 8MiB or 1GiB",
        (string text, out long value) => TryReadSize(text, out value) && value >= least && value <= most, ShowSize);

    /// <inheritdoc cref="Size"/>
    public static SettingType<int> SmallSize(int least) => new(
        "SIZE", $"size from {ShowSize(least)} to {ShowSize(int.MaxValue)}, such as 512KiB or 8MiB",
        (string text, out int value) =>
        {
            bool fits = TryReadSize(text, out long size) && size >= least && size <= int.MaxValue;
            value = fits ? (int)size : 0;
            return fits;
        },
        value => ShowSize(value));

    /// <summary>A length of time in one unit: <c>90s</c>.</summary>
    public static SettingType<TimeSpan> Time(TimeSpan least, TimeSpan most) => new(
        "TIME", $"time from {ShowTime(least)} to {ShowTime(most)}, such as 500ms, 30s, 10m, 24h or 7d",
        (string text, out TimeSpan value) => TryReadTime(text, out value) && value >= least && value <= most, ShowTime);

    /// <summary>One of a few words.</summary>
    public static SettingType<T> Word<T>(IReadOnlyList<(string Word, T Value)> words) where T : notnull => new(
        string.Join('|', words.Select(w => w.Word)), $"word for it: write {string.Join(", ", words.Select(w => w.Word))}",
        (string text, [MaybeNullWhen(false)] out T value) =>
        {
            (string? word, value) = words.FirstOrDefault(w => w.Word == text);
            return word is not null;
        },
        value => words.First(w => w.Value.Equals(value)).Word);

    private static string Digits(string text) => text.Contains("__", StringComparison.Ordinal) || text.StartsWith('_') || text.EndsWith('_') ? "" : text.Replace("_", "", StringComparison.Ordinal);

    private static bool TryReadOnOff(string text, out bool value) => (value = text == "true") || text == "false";

    private static bool TryReadText(string text, out string? value) => (value = text).Length > 0;

    private static bool TryReadAddress(string text, out string value) => System.Net.IPAddress.TryParse(value = text, out _);

    private static bool TryReadSecureUrl(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && value is { Scheme: "https", Query: "", Fragment: "" };

    private static bool TryReadSize(string text, out long value)
    {
        (string unit, long size) = Sizes.First(s => text.EndsWith(s.Unit, StringComparison.Ordinal));
        bool isNumber = long.TryParse(Digits(text[..^unit.Length]), NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count <= long.MaxValue / size;
        value = isNumber ? count * size : 0;
        return isNumber;
    }

    private static string ShowSize(long value)
    {
        (string unit, long size) = Sizes.First(s => value % s.Size == 0 && value >= s.Size || s.Unit == "B");
        return string.Create(CultureInfo.InvariantCulture, $"{value / size}{unit}");
    }

    private static bool TryReadTime(string text, out TimeSpan value)
    {
        value = default;
        foreach ((string unit, TimeSpan size) in Times)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!int.TryParse(Digits(text[..^unit.Length]), NumberStyles.None, CultureInfo.InvariantCulture, out int count)) continue;
            if (count > TimeSpan.MaxValue / size) return false;
            value = count * size;
            return true;
        }
        return false;
    }

    private static string ShowTime(TimeSpan value)
    {
        (string unit, TimeSpan size) = Times.OrderByDescending(t => t.Size).First(t => value.Ticks % t.Size.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / size.Ticks}{unit}");
    }
}
