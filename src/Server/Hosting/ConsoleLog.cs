using System.Text.Json;
using Microsoft.Extensions.Logging.Console;

namespace AuthzGraph.Server.Hosting;

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>One JSON object on a line.</summary>
    Json,
}

/// <summary>Log lines on standard error, which leaves standard output to what was asked for.</summary>
internal static class ConsoleLog
{
    public static void Add(ILoggingBuilder logging, LogLevel level, LogFormat format)
    {
        logging.SetMinimumLevel(level);
        logging.Services.Configure<ConsoleLoggerOptions>(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;   // nobody's decision waits for whoever reads the log; that lines were dropped is told
        });
        if (format is LogFormat.Json)
            logging.AddJsonConsole(console =>
            {
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";
                console.UseUtcTimestamp = true;
                console.JsonWriterOptions = new JsonWriterOptions { Indented = false };
            });
        else
            logging.AddSimpleConsole(console => console.SingleLine = true);
    }
}
